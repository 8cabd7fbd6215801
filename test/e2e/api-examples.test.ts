import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import { sampleOrganisation } from '../../src/modules/sample/sample-organisation.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';
import { provideJq } from '../support/jq.mjs';

const run = promisify(execFile);
const NOW_MS = Date.parse('2026-03-02T09:00:00Z');
const LOST_AFTER = 24 * 3_600_000;

/** Each call of the page with the output that the page shows. */
const examples = [
  ...readFileSync('docs/api.md', 'utf8').matchAll(/^```sh\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm),
].map(([, script, output]) => [script!, output!] as const);

describe('the examples of docs/api.md', () => {
  const jq = provideJq();
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(engines[0]!, { LOST_AFTER }, { nowMs: () => NOW_MS });
    await ingest(app.url, await app.key('ingest:write'), [...sampleOrganisation(NOW_MS)]);
    key = await app.key('sessions:read', 'activities:read', 'audit:read');
    const siem = await app.limitedKey({ name: 'siem', scopes: ['sessions:read'] });
    await fetch(`${app.url}/ekranapi/sessions?start=2026-02-23&end=2026-02-24`, { headers: { ApiKey: siem } });
  });
  afterAll(() => app?.close());

  it('are all of the page', () => {
    const scripts = readFileSync('docs/api.md', 'utf8').match(/^```sh$/gm);
    expect(examples.length).toBe(scripts!.length);
    expect(examples.length).toBeGreaterThan(7);
  });

  it.each(examples)('answer as shown: %s', async (script, output) => {
    const env = { PATH: `${dirname(jq)}${delimiter}${process.env.PATH}`, URL: app.url, KEY: key };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { env });
    expect(stdout.replaceAll('\r\n', '\n').trimEnd()).toBe(output.trimEnd());
  });
});
