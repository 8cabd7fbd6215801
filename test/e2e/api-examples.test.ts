import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
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
  /** Working directory of the examples, with the command of the package. */
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    const command = `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli.js')}' "$@"\n`;
    writeFileSync(join(folder, 'session-audit'), command, { mode: 0o700 });
    app = await startApp(engines[0]!, { LOST_AFTER }, { nowMs: () => NOW_MS });
    await ingest(app.url, await app.key('ingest:write'), [...sampleOrganisation(NOW_MS)]);
    key = await app.key('sessions:read', 'activities:read', 'audit:read');
    const siem = await app.limitedKey({ name: 'siem', scopes: ['sessions:read'] });
    await fetch(`${app.url}/ekranapi/sessions?start=2026-02-23&end=2026-02-24`, { headers: { ApiKey: siem } });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are all of the page', () => {
    const scripts = readFileSync('docs/api.md', 'utf8').match(/^```sh$/gm);
    expect(examples.length).toBe(scripts!.length);
    expect(examples.length).toBeGreaterThan(7);
  });

  it.each(examples)('answer as shown: %s', async (script, output) => {
    const path = [folder, dirname(jq), process.env.PATH].join(delimiter);
    const env = { PATH: path, URL: app.url, KEY: key, DATABASE_URL: app.config.DATABASE_URL, ENV_FILE: 'off' };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { env, cwd: folder });
    expect(stdout.replaceAll('\r\n', '\n').trimEnd()).toBe(output.trimEnd());
  });
});
