import { jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentProcess, startAgentProcess, waitUntil } from '../support/agent-process.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { type FakeIngest, startFakeIngest } from '../support/fake-ingest.js';
import { keyFor, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';

/** Tests go back less than a minute from here, so not before the boot of a newly started machine. */
const NOW = Math.floor(Date.now() / 1000);
const stamp = (seconds: number) => new Date(seconds * 1000).toISOString();
const line = (seconds: number, pid: number, user: string, opened: boolean) =>
  `${stamp(seconds)} web1 sshd[${pid}]: pam_unix(sshd:session): session ${opened ? `opened for user ${user} by (uid=0)` : `closed for user ${user}`}\n`;

interface Session {
  clientGuid: string;
  loginDate: string;
  logoutDate: string | null;
}

// Processes start slowly when many tests share a processor.
jest.setTimeout(60_000);

let folder: string;
let agent: AgentProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-'));
});
afterEach(async () => {
  await agent?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const log = () => join(folder, 'auth.log');
const start = (server: string, key: string, more: readonly string[] = []) => {
  writeFileSync(join(folder, 'key'), `${key}\n`, { mode: 0o600 });
  const state = join(folder, 'state');
  const speed = ['--poll', '0.1', '--heartbeat', '3600', '--max-retry', '1'];
  const what = ['--source', 'authlog', '--path', log(), '--state', state, '--host', 'web1'];
  agent = startAgentProcess(['--server', server, '--key-file', join(folder, 'key'), ...what, ...speed, ...more]);
  return agent;
};
const spooled = () => readdirSync(join(folder, 'state', 'spool'));

async function sessionsOf(url: string, key: string): Promise<Session[]> {
  const answer = await fetch(`${url}/ekranapi/sessions`, { headers: { ApiKey: key } });
  return ((await answer.json()) as Session[]).map(({ clientGuid, loginDate, logoutDate }) => ({
    clientGuid,
    loginDate,
    logoutDate,
  }));
}

describe.each(engines)('the agent and a server under kill -9 on $name', (engine) => {
  let database: FreshDatabase;
  let server: ServerProcess | undefined;

  beforeEach(async () => {
    database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
  });
  afterEach(async () => {
    await server?.stop();
    await database.drop();
  });

  it('loses and duplicates nothing when agent and server are killed, the log is rotated and the server is unreachable', async () => {
    const writeKey = await keyFor(database.url, { name: 'agent', scopes: ['ingest:write'] });
    const readKey = await keyFor(database.url);
    server = await startServerProcess(database.url);
    const port = new URL(server.url).port;

    writeFileSync(
      log(),
      line(NOW - 50, 1, 'ann', true) + line(NOW - 49, 2, 'bob', true) + line(NOW - 48, 2, 'bob', false),
    );
    start(server.url, writeKey);
    await waitUntil(
      async () => (await sessionsOf(server!.url, readKey)).length === 2,
      () => agent!.output(),
    );

    await agent!.kill('SIGKILL');
    appendFileSync(log(), line(NOW - 40, 3, 'eve', true));
    renameSync(log(), `${log()}.1`);
    writeFileSync(log(), line(NOW - 30, 1, 'ann', false) + line(NOW - 29, 4, 'dan', true));
    await server.stop(); // SIGKILL
    start(server.url, writeKey);
    await waitUntil(
      () => agent!.output().includes('cannot be reached') && spooled().length > 0,
      () => agent!.output(),
    );
    await agent!.kill('SIGKILL');
    start(server.url, writeKey);
    appendFileSync(log(), line(NOW - 20, 3, 'eve', false));

    server = await startServerProcess(database.url, { PORT: port });
    const ended = (sessions: Session[]) => sessions.filter((s) => s.logoutDate !== null).length;
    await waitUntil(
      async () => ended(await sessionsOf(server!.url, readKey)) === 3,
      () => agent!.output(),
    );
    renameSync(log(), `${log()}.2`);
    writeFileSync(log(), line(NOW - 10, 4, 'dan', false));
    await waitUntil(
      async () => ended(await sessionsOf(server!.url, readKey)) === 4,
      () => agent!.output(),
    );
    expect(await agent!.kill('SIGTERM')).toBe(0);
    expect(spooled()).toEqual([]);
    expect(agent!.output()).not.toContain(writeKey);

    const followed = await sessionsOf(server.url, readKey);
    const imported = await freshDatabase(engine);
    try {
      const cli = (...args: string[]) =>
        spawnSync(process.execPath, ['dist/cli.js', ...args], {
          env: { ...process.env, DATABASE_URL: imported.url },
          encoding: 'utf8',
          timeout: 60_000,
        });
      cli('migrate');
      expect(cli('import', `${log()}.1`, `${log()}.2`, log(), '--format', 'authlog').stdout).toContain('created 4');
      const other = await startServerProcess(imported.url);
      try {
        expect(followed).toEqual(await sessionsOf(other.url, await keyFor(imported.url)));
      } finally {
        await other.stop();
      }
    } finally {
      await imported.drop();
    }
  }, 120_000);
});

describe('the agent', () => {
  let server: FakeIngest;
  afterEach(() => server?.close());
  const users = () =>
    server.received
      .flat()
      .map((record) => `${String(record['userName'])} ${record['logoutDate'] === null ? 'open' : 'ended'}`);

  it('waits for the time in Retry-After, then sends the same records', async () => {
    server = await startFakeIngest((_, attempt) =>
      attempt === 1 ? { status: 503, headers: { 'Retry-After': '2' } } : { status: 200 },
    );
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start(server.url, 'k');
    await waitUntil(
      () => server.attempts() === 1,
      () => agent!.output(),
    );
    const first = performance.now();
    await waitUntil(
      () => server.received.length === 1,
      () => agent!.output(),
    );
    expect(performance.now() - first).toBeGreaterThan(1700);
    expect(users()).toEqual(['ann open']);
  });

  it('splits a batch that is too large, and sets aside a single record that is too large', async () => {
    server = await startFakeIngest((records) => ({
      status: records.length > 1 || records[0]!.externalId.includes('[2]') ? 413 : 200,
    }));
    writeFileSync(log(), [1, 2, 3].map((pid) => line(NOW - 50, pid, `u${pid}`, true)).join(''));
    start(server.url, 'k');
    await waitUntil(
      () => server.received.length === 2,
      () => agent!.output(),
    );
    expect(users()).toEqual(['u1 open', 'u3 open']);
    expect(agent!.output()).toContain('refused.ndjson');
  });

  it('sends signs of life for open sessions, and stops when they end', async () => {
    server = await startFakeIngest(() => ({ status: 200 }));
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start(server.url, 'k', ['--heartbeat', '0.3']);
    const beats = () => server.received.flat().filter((record) => record['lastSeen'] !== undefined);
    await waitUntil(
      () => beats().length >= 2,
      () => agent!.output(),
    );
    expect(Date.parse(String(beats()[0]!['lastSeen']))).toBeGreaterThan(NOW * 1000);
    appendFileSync(log(), line(NOW - 10, 1, 'ann', false));
    await waitUntil(
      () => users().at(-1) === 'ann ended',
      () => agent!.output(),
    );
  });

  /** Whether the server has received Ann's login. */
  const followFirstLine = async () => {
    server = await startFakeIngest(() => ({ status: 200 }));
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start(server.url, 'k');
    await waitUntil(
      () => server.received.length === 1,
      () => agent!.output(),
    );
  };

  it('reads the rest of a file that was copied and truncated, then the truncated file from its start', async () => {
    await followFirstLine();
    agent!.child.kill('SIGSTOP');
    appendFileSync(log(), line(NOW - 40, 2, 'bob', true));
    copyFileSync(log(), `${log()}.1`);
    truncateSync(log());
    appendFileSync(
      log(),
      line(NOW - 30, 3, 'eve', true) + line(NOW - 20, 1, 'ann', false) + line(NOW - 20, 2, 'bob', false),
    );
    agent!.child.kill('SIGCONT');
    await waitUntil(
      () => users().length === 5,
      () => `${agent!.output()} ${users().join()}`,
    );
    expect(users().sort()).toEqual(['ann ended', 'ann open', 'bob ended', 'bob open', 'eve open']);
  });

  it('stops reading while its spool is full, reports it, and loses nothing', async () => {
    let up = false;
    server = await startFakeIngest(() => ({ status: up ? 200 : 503 }));
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start(server.url, 'k', ['--max-spool', '0.001']);
    await waitUntil(
      () => server.attempts() > 0,
      () => agent!.output(),
    );
    for (let pid = 2; pid < 40; pid++) appendFileSync(log(), line(NOW - 50, pid, 'u', true));
    await waitUntil(
      () => agent!.output().includes('the spool is full'),
      () => agent!.output(),
    );
    up = true;
    appendFileSync(log(), line(NOW - 5, 1, 'ann', false));
    await waitUntil(
      () => users().includes('ann ended'),
      () => agent!.output(),
    );
    expect(new Set(server.received.flat().map((r) => r['externalId'])).size).toBe(39);
  });

  it.each([
    ['while it was down', false, ['ann open', 'bob open', 'dan open', 'eve open']],
    ['and what it read last is gone', true, ['ann open', 'dan open', 'eve open']],
  ])('reads the remaining entries when its log was rotated twice %s', async (_, gone, expected) => {
    await followFirstLine();
    await agent!.kill('SIGKILL');
    appendFileSync(log(), line(NOW - 40, 2, 'bob', true));
    renameSync(log(), `${log()}.2`);
    // Real rotations are further apart than the resolution of file system timestamps.
    const now = Date.now() / 1000;
    writeFileSync(`${log()}.1`, line(NOW - 30, 3, 'eve', true));
    utimesSync(`${log()}.1`, now + 10, now + 10);
    writeFileSync(log(), line(NOW - 20, 4, 'dan', true));
    utimesSync(log(), now + 20, now + 20);
    if (gone) rmSync(`${log()}.2`);
    start(server.url, 'k');
    // A kill between sending and saving the position causes the records to be sent again.
    const known = () => [...new Set(users())].sort();
    await waitUntil(
      () => known().length === expected.length,
      () => `${agent!.output()} ${users().join()}`,
    );
    expect(known()).toEqual(expected);
    expect(agent!.output().includes('entries may be missing')).toBe(gone);
  });

  it('refuses a state directory in use by another agent, and takes it over after that agent was killed', async () => {
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start('http://127.0.0.1:9', 'k');
    await waitUntil(
      () => agent!.output().includes('cannot be reached'),
      () => agent!.output(),
    );
    const state = join(folder, 'state');
    const content = () =>
      (readdirSync(state, { recursive: true }) as string[])
        .sort()
        .map((name) => [name, statSync(join(state, name)).isFile() ? readFileSync(join(state, name), 'utf8') : '']);
    const before = content();
    const what = ['--source', 'authlog', '--path', log(), '--host', 'web1', '--state', state];
    const args = ['agent', '--server', 'http://127.0.0.1:9', '--key-file', join(folder, 'key'), ...what];
    const second = spawnSync(process.execPath, ['dist/cli.js', ...args], { encoding: 'utf8', timeout: 20_000 });
    expect([second.status, second.stderr]).toEqual([
      1,
      expect.stringContaining(`another process uses the folder ${state}`),
    ]);
    expect(content()).toEqual(before);
    await agent!.kill('SIGKILL');
    start('http://127.0.0.1:9', 'k');
    await waitUntil(
      () => agent!.output().includes('following'),
      () => agent!.output(),
    );
  });

  it('refuses a key file readable by others, a server without TLS, and the state directory of another log', async () => {
    writeFileSync(log(), '');
    start('http://127.0.0.1:9', 'secret-of-mine');
    await waitUntil(
      () => agent!.output().includes('following'),
      () => agent!.output(),
    );
    await agent!.kill('SIGTERM');
    const run = (...args: string[]) =>
      spawnSync(
        process.execPath,
        ['dist/cli.js', 'agent', '--key-file', join(folder, 'key'), '--state', join(folder, 'state'), ...args],
        { encoding: 'utf8', timeout: 20_000 },
      );
    const other = run('--server', 'http://127.0.0.1:9', '--source', 'authlog', '--path', log(), '--host', 'web2');
    expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('another log or host')]);
    const clear = run('--server', 'http://audit.example.org', '--source', 'wtmp');
    expect([clear.status, clear.stderr]).toEqual([1, expect.stringContaining('https')]);
    chmodSync(join(folder, 'key'), 0o644);
    const open = run('--server', 'http://127.0.0.1:9', '--source', 'authlog', '--path', log(), '--host', 'web1');
    expect([open.status, open.stderr]).toEqual([1, expect.stringContaining('chmod 600')]);
    expect(open.stderr).not.toContain('secret-of-mine');
  });
});
