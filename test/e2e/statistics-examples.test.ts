import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';
import { provideJq } from '../support/jq.mjs';

const run = promisify(execFile);
const page = readFileSync('docs/statistics.md', 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code!);
const COUNT = 1203;

describe('the worked examples of docs/statistics.md', () => {
  const jq = provideJq();
  const directory = mkdtempSync(join(tmpdir(), 'examples-'));
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(engines[0]!);
    key = await app.key('sessions:read', 'activities:read', 'ingest:write');
    const records = Array.from({ length: COUNT }, (_, i) => {
      const at = (minutes: number) => new Date(Date.UTC(2021, 3, 1, 8, i * 20 + minutes)).toISOString();
      const names = {
        externalId: `s${i}`,
        clientGuid: 'm',
        clientName: 'Machine',
        userName: `u${i % 2}`,
        userDomain: 'ACME',
      };
      return { ...names, loginDate: at(0), logoutDate: at(15), activities: [{ at: at(5), application: 'a.exe' }] };
    });
    await ingest(app.url, key, records);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(directory, { recursive: true });
  });

  const shell = async (script: string) => {
    const env = { PATH: `${dirname(jq)}${delimiter}${process.env.PATH}`, URL: app.url, KEY: key };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { env, cwd: directory });
    return stdout.trimEnd().split('\n');
  };

  it('run in a shell unchanged', async () => {
    const [minutes, sessions] = blocks('sh');
    expect(await shell(minutes!)).toEqual([`ACME\\\\u0\t${602 * 10}`, `ACME\\\\u1\t${601 * 10}`]);
    const lines = await shell(sessions!);
    expect(new Set(lines).size).toBe(COUNT);
    expect(lines[0]).toBe('2021-04-01T08:00:00.000+00:00\tACME\\\\u0\tMachine\t00:15:00.0000000\t00:10:00.0000000');
  });

  /** Power Query cannot run here, so the addresses, parameters and columns are extracted from the text and tested. */
  it('use existing paths, parameters and columns in Power Query', async () => {
    const [paged, monthly] = blocks('powerquery');
    const pathOf = (code: string) => `${app.url}/${/RelativePath = "([^"]+)"/.exec(code)![1]}`;
    const columnsOf = (code: string) =>
      [...code.matchAll(/\{"(\w+)", (?:type|Int64|Duration)/g)].map(([, name]) => name!);
    const fields = (record: string) =>
      Object.fromEntries([...record.matchAll(/(\w+) = "?([\w-]+)"?/g)].map(([, k, v]) => [k, v]));
    const headers = { ApiKey: key, 'Content-Type': 'application/json' };
    const content = fields(/FromValue\(\[(.*?)\]\)/.exec(paged!)![1]!);
    expect(content.pageIndex).toBe('index');
    const rows: Record<string, unknown>[] = [];
    for (let index = 0; ; index++) {
      const body = JSON.stringify({ ...content, sessionCount: Number(content.sessionCount), pageIndex: index });
      const answer = await fetch(pathOf(paged!), { method: 'POST', headers, body });
      const { sessions } = (await answer.json()) as { sessions: Record<string, unknown>[] };
      if (sessions.length === 0) break;
      rows.push(...sessions);
    }
    expect(rows.length).toBe(COUNT);
    expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining(columnsOf(paged!)));
    const query = new URLSearchParams(fields(/Query = \[(.*?)\]/.exec(monthly!)![1]!));
    const hours = (await (await fetch(`${pathOf(monthly!)}?${query}`, { headers })).json()) as object[];
    expect(Object.keys(hours[0]!)).toEqual(columnsOf(monthly!));
  });
});
