import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { type TestApp, startApp } from '../support/app.js';
import { auditRecords, runCli } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

// Each command is a process of its own.
jest.setTimeout(180_000);

const ZONE = 'Europe/Berlin';
const SESSIONS = 8000;
const BATCH = 1000;
const START_MS = Date.parse('2021-03-27T00:00:00Z');
const MINUTE = 60_000;
const DAYS = 'concurrency?from=2021-03-27&to=2021-03-30&step=1d&groupBy=client';

function record(n: number) {
  const loginMs = START_MS + n * MINUTE;
  return {
    ...{ externalId: `s${n}`, clientGuid: `m${n % 7}`, clientName: `=machine ${n % 7}`, userName: `user "${n % 5}"` },
    ...{ userDomain: n % 2 ? 'ACME' : '', loginDate: new Date(loginMs).toISOString() },
    logoutDate: n % 10 ? new Date(loginMs + (n % 300) * MINUTE).toISOString() : null,
    ...(n % 3 === 0 && { remoteAddress: '192.0.2.7', logonType: 'remoteInteractive' }),
    ...(n === 1 && { activities: [{ at: new Date(loginMs + MINUTE).toISOString(), application: 'x.exe' }] }),
  };
}

describe.each(engines)('the command export on $name', (engine) => {
  let app: TestApp;
  let folder: string;
  let key: string;
  beforeAll(async () => {
    app = await startApp(engine, { API_TIME_ZONE: ZONE });
    folder = mkdtempSync(join(tmpdir(), 'export-'));
    key = await app.key('sessions:read', 'activities:read', 'audit:read');
    const writer = await app.key('ingest:write');
    for (let from = 0; from < SESSIONS; from += BATCH)
      await ingest(
        app.url,
        writer,
        Array.from({ length: BATCH }, (_, n) => record(from + n)),
      );
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const env = () => ({ DATABASE_URL: app.config.DATABASE_URL, API_TIME_ZONE: ZONE, LOST_AFTER: 'off' });
  const run = (...args: string[]) => runCli(['export', 'sessions', ...args], env());
  const start = (...args: string[]) =>
    spawn(process.execPath, ['dist/cli.js', 'export', 'sessions', ...args], { env: { ...process.env, ...env() } });
  const overHttp = async (path: string, type: string) => {
    const answer = await fetch(`${app.url}/api/v1/${path}`, { headers: { ApiKey: key, Accept: type } });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const exports = async () => (await auditRecords(app.url, key)).filter(({ action }) => action === 'sessions.export');

  it.each([
    [
      'a day with a clock change',
      ['--from', '2021-03-28', '--to', '2021-03-29'],
      'from=2021-03-28&to=2021-03-29',
      'csv',
    ],
    ['all sessions', [], '', 'csv'],
    ['all sessions', ['--order', 'desc'], 'order=desc', 'ndjson'],
    ['repeated options', ['--client', 'm1', '--client', 'm2'], 'client=m1&client=m2', 'ndjson'],
    ['a quoted name', ['--user', 'ACME\\user "1"'], `user=${encodeURIComponent('ACME\\user "1"')}`, 'csv'],
    [
      'an application',
      ['--application', 'x.exe', '--from', '2021-01-01'],
      'application=x.exe&from=2021-01-01',
      'ndjson',
    ],
  ])('writes %s byte for byte as HTTP answers it (%s)', async (_, options, query, format) => {
    const path = join(folder, `a.${format}`);
    const { code, out, err } = await run(path, ...options, '--overwrite');
    expect([code, out, err]).toEqual([0, expect.stringMatching(/: [\d,]+ rows, [\d,]+ bytes in [\d.]+ s\n$/), '']);
    const answer = await overHttp(`sessions?${query}`, format === 'csv' ? 'text/csv' : 'application/x-ndjson');
    expect(readFileSync(path).equals(answer)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it.each([
    ['users', ['--sort', 'lastSeen'], 'users?sort=lastSeen'],
    ['clients', ['--q', 'MACHINE 1'], 'clients?q=MACHINE%201'],
    ['concurrency', ['--from', '2021-03-27', '--to', '2021-03-30', '--step', '1d', '--group-by', 'client'], DAYS],
    ['overlaps', ['--to', '2021-03-28', '--min-clients', '3'], 'overlaps?to=2021-03-28&minClients=3'],
    ['activities', ['2', '--application', 'x.exe'], 'sessions/2/activities?application=x.exe'],
  ])('writes the list of %s byte for byte as HTTP answers it', async (list, args, path) => {
    const { code, out, err } = await runCli(['export', list, ...args], env());
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(String(await overHttp(path, 'text/csv')));
    expect(out.split('\r\n').length).toBeGreaterThan(2);
  });

  it('says that there is no such session, and leaves no file', async () => {
    const path = join(folder, 'none.csv');
    const { code, err } = await runCli(['export', 'activities', '99999', path], env());
    expect([code, err]).toEqual([1, 'There is no session with this id.\n']);
    expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  it('writes to standard output without a file', async () => {
    const { code, out, err } = await run('--client', 'm1', '--format', 'ndjson');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(String(await overHttp('sessions?client=m1', 'application/x-ndjson')));
  });

  it('replaces no file unless it is asked to', async () => {
    const path = join(folder, 'kept.csv');
    writeFileSync(path, 'kept');
    expect(await run(path)).toEqual({ code: 1, out: '', err: `${path} exists. --overwrite replaces it.\n` });
    expect(readFileSync(path, 'utf8')).toBe('kept');
  });

  it('names the options that it does not understand, and reads nothing', async () => {
    const before = (await exports()).length;
    const { code, err } = await run('--from', 'yesterday', '--min-duration', 'long', '--text', 'x', '--order', 'up');
    expect(code).toBe(1);
    expect(err.split('\n').map((line) => /^--[a-z-]+: |^$/.exec(line)?.[0])).toEqual(
      expect.arrayContaining(['--from: ', '--min-duration: ', '--text: ', '--order: ']),
    );
    expect((await run('--to', '2021-01-01', '--from', '2021-01-02')).err).toBe('--from: is after to\n');
    expect((await run('--to', '2021-01-01', '--to', '2021-01-02')).err).toBe('--to: is given more than once\n');
    expect(await exports()).toHaveLength(before);
  });

  it('leaves no file when it is interrupted, and records how many rows were read', async () => {
    const child = start(join(folder, 'stopped.csv'));
    const closed = once(child, 'close');
    await created(folder, 'stopped.csv.partial');
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
    const [begin, end] = (await exports()).slice(-2);
    expect(begin).toMatchObject({ requestSeq: null, status: null });
    expect(end).toMatchObject({ requestSeq: begin!.seq, status: 130 });
    expect(end!.rows).toBeLessThan(SESSIONS);
  });

  it('can be interrupted while nothing reads its output', async () => {
    const child = start();
    await once(child.stdout, 'readable');
    const closed = once(child, 'exit');
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
    child.stdout.destroy();
  });

  it('fails when its output is closed', async () => {
    const child = start();
    let err = '';
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    await once(child.stdout, 'readable');
    child.stdout.destroy();
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(err).toBe('Nothing reads the output any more.\n');
  });

  it('is recorded with its filter and its rows, and found as a read of the sessions', async () => {
    const day = ['--from', '2021-03-28', '--to', '2021-03-29', '--client', 'm3'];
    const { out } = await run(join(folder, 'recorded.ndjson'), ...day);
    const rows = Number(/: ([\d,]+) rows/.exec(out)![1]!.replace(',', ''));
    const [begin, end] = (await exports()).slice(-2);
    expect(JSON.parse(begin!.filter)).toEqual({
      ...{ from: '2021-03-27 23:00:00.000', to: '2021-03-28 22:00:00.000', client: ['m3'], order: 'asc' },
      ...{ format: 'ndjson', file: 'recorded.ndjson' },
    });
    expect(end).toMatchObject({ kind: 'command', status: 0, rows });
    const answer = await fetch(`${app.url}/api/v1/audit/reads?client=m3&limit=1`, { headers: { ApiKey: key } });
    const { items } = (await answer.json()) as { items: object[] };
    expect(items).toMatchObject([{ action: 'sessions.export', coverage: 'certain', rows, status: 0 }]);
    const other = await fetch(`${app.url}/api/v1/audit/reads?client=m4`, { headers: { ApiKey: key } });
    const { items: others } = (await other.json()) as { items: { seq: number }[] };
    expect(others.map(({ seq }) => seq)).not.toContain(begin!.seq);
  });
});

/** Resolves when a file of this name is in the folder. */
async function created(folder: string, name: string): Promise<void> {
  const watcher = watch(folder);
  try {
    while (!existsSync(join(folder, name))) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}
