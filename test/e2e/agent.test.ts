import { jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type AgentProcess, startAgentProcess, until } from '../support/agent-process.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { keyFor, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';

const NOW = Math.floor(Date.now() / 1000);
const stamp = (seconds: number) => new Date(seconds * 1000).toISOString();
const line = (seconds: number, pid: number, user: string, opened: boolean) =>
  `${stamp(seconds)} web1 sshd[${pid}]: pam_unix(sshd:session): session ${opened ? `opened for user ${user} by (uid=0)` : `closed for user ${user}`}\n`;

interface Session {
  clientGuid: string;
  loginDate: string;
  logoutDate: string | null;
}

// A process takes its time to start where many tests share a processor.
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

describe.each(engines)('the agent, a server and what kills them on $name', (engine) => {
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

  it('loses and doubles nothing when it and the server are killed, the log is rotated and the server is away', async () => {
    const writeKey = await keyFor(database.url, { name: 'agent', scopes: ['ingest:write'] });
    const readKey = await keyFor(database.url);
    server = await startServerProcess(database.url);
    const port = new URL(server.url).port;

    writeFileSync(
      log(),
      line(NOW - 500, 1, 'ann', true) + line(NOW - 490, 2, 'bob', true) + line(NOW - 480, 2, 'bob', false),
    );
    start(server.url, writeKey);
    await until(
      async () => (await sessionsOf(server!.url, readKey)).length === 2,
      () => agent!.said(),
    );

    await agent!.kill('SIGKILL');
    appendFileSync(log(), line(NOW - 400, 3, 'eve', true));
    renameSync(log(), `${log()}.1`);
    writeFileSync(log(), line(NOW - 300, 1, 'ann', false) + line(NOW - 290, 4, 'dan', true));
    await server.stop(); // SIGKILL
    start(server.url, writeKey);
    await until(
      () => agent!.said().includes('cannot be reached') && spooled().length > 0,
      () => agent!.said(),
    );
    await agent!.kill('SIGKILL');
    start(server.url, writeKey);
    appendFileSync(log(), line(NOW - 200, 3, 'eve', false));

    server = await startServerProcess(database.url, { PORT: port });
    const ended = (sessions: Session[]) => sessions.filter((s) => s.logoutDate !== null).length;
    await until(
      async () => ended(await sessionsOf(server!.url, readKey)) === 3,
      () => agent!.said(),
    );
    renameSync(log(), `${log()}.2`);
    writeFileSync(log(), line(NOW - 100, 4, 'dan', false));
    await until(
      async () => ended(await sessionsOf(server!.url, readKey)) === 4,
      () => agent!.said(),
    );
    expect(await agent!.kill('SIGTERM')).toBe(0);
    expect(spooled()).toEqual([]);
    expect(agent!.said()).not.toContain(writeKey);

    const followed = await sessionsOf(server.url, readKey);
    const imported = await freshDatabase(engine);
    try {
      const cli = (...args: string[]) =>
        spawnSync(process.execPath, ['dist/cli.js', ...args], {
          env: { ...process.env, DATABASE_URL: imported.url },
          encoding: 'utf8',
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

/** Answers as it is told to; keeps what it was sent. */
function fakeServer(
  answer: (
    records: { externalId: string }[],
    attempt: number,
  ) => { status: number; body?: unknown; headers?: Record<string, string> },
) {
  const received: Record<string, unknown>[][] = [];
  let attempts = 0;
  const server: Server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const records = gunzipSync(Buffer.concat(chunks))
        .toString()
        .split('\n')
        .map((text) => JSON.parse(text) as { externalId: string });
      const { status, body, headers } = answer(records, ++attempts);
      if (status === 200) received.push(records as never);
      res
        .writeHead(status, headers)
        .end(JSON.stringify(body ?? { results: records.map(() => ({ status: 'created' })) }));
    });
  });
  return new Promise<{ url: string; received: Record<string, unknown>[][]; attempts: () => number; close: () => void }>(
    (resolve) =>
      server.listen(0, '127.0.0.1', () =>
        resolve({
          url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
          received,
          attempts: () => attempts,
          close: () => {
            server.closeAllConnections();
            server.close();
          },
        }),
      ),
  );
}

describe('the agent', () => {
  let server: Awaited<ReturnType<typeof fakeServer>>;
  afterEach(() => server?.close());
  const users = () =>
    server.received
      .flat()
      .map((record) => `${String(record['userName'])} ${record['logoutDate'] === null ? 'open' : 'ended'}`);

  it('waits as long as Retry-After says, and then sends the same', async () => {
    server = await fakeServer((_, attempt) =>
      attempt === 1 ? { status: 503, headers: { 'Retry-After': '2' } } : { status: 200 },
    );
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start(server.url, 'k');
    await until(
      () => server.attempts() === 1,
      () => agent!.said(),
    );
    const first = performance.now();
    await until(
      () => server.received.length === 1,
      () => agent!.said(),
    );
    expect(performance.now() - first).toBeGreaterThan(1700);
    expect(users()).toEqual(['ann open']);
  });

  it('halves a batch that is too large, and sets aside the one record that is', async () => {
    server = await fakeServer((records) => ({
      status: records.length > 1 || records[0]!.externalId.includes('[2]') ? 413 : 200,
    }));
    writeFileSync(log(), [1, 2, 3].map((pid) => line(NOW - 50, pid, `u${pid}`, true)).join(''));
    start(server.url, 'k');
    await until(
      () => server.received.length === 2,
      () => agent!.said(),
    );
    expect(users()).toEqual(['u1 open', 'u3 open']);
    expect(agent!.said()).toContain('refused.ndjson');
  });

  it('says that open sessions live, and no longer when they ended', async () => {
    server = await fakeServer(() => ({ status: 200 }));
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start(server.url, 'k', ['--heartbeat', '0.3']);
    const beats = () => server.received.flat().filter((record) => record['lastSeen'] !== undefined);
    await until(
      () => beats().length >= 2,
      () => agent!.said(),
    );
    expect(Date.parse(String(beats()[0]!['lastSeen']))).toBeGreaterThan(NOW * 1000);
    appendFileSync(log(), line(NOW - 10, 1, 'ann', false));
    await until(
      () => users().at(-1) === 'ann ended',
      () => agent!.said(),
    );
  });

  it('reads the rest of a file that was copied and truncated, and then the file anew', async () => {
    server = await fakeServer(() => ({ status: 200 }));
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start(server.url, 'k');
    await until(
      () => server.received.length === 1,
      () => agent!.said(),
    );
    agent!.child.kill('SIGSTOP');
    appendFileSync(log(), line(NOW - 40, 2, 'bob', true));
    copyFileSync(log(), `${log()}.1`);
    truncateSync(log());
    appendFileSync(
      log(),
      line(NOW - 30, 3, 'eve', true) + line(NOW - 20, 1, 'ann', false) + line(NOW - 20, 2, 'bob', false),
    );
    agent!.child.kill('SIGCONT');
    await until(
      () => users().length === 5,
      () => `${agent!.said()} ${users().join()}`,
    );
    expect(users().sort()).toEqual(['ann ended', 'ann open', 'bob ended', 'bob open', 'eve open']);
  });

  it('reads no further while its spool is full, says so, and loses nothing', async () => {
    let up = false;
    server = await fakeServer(() => ({ status: up ? 200 : 503 }));
    writeFileSync(log(), line(NOW - 50, 1, 'ann', true));
    start(server.url, 'k', ['--max-spool', '0.001']);
    await until(
      () => server.attempts() > 0,
      () => agent!.said(),
    );
    for (let pid = 2; pid < 40; pid++) appendFileSync(log(), line(NOW - 50, pid, 'u', true));
    await until(
      () => agent!.said().includes('the spool is full'),
      () => agent!.said(),
    );
    up = true;
    appendFileSync(log(), line(NOW - 5, 1, 'ann', false));
    await until(
      () => users().includes('ann ended'),
      () => agent!.said(),
    );
    expect(new Set(server.received.flat().map((r) => r['externalId'])).size).toBe(39);
  });

  it('refuses a key that others can read, a server without TLS, and a folder of another log', async () => {
    writeFileSync(log(), '');
    start('http://127.0.0.1:9', 'secret-of-mine');
    await until(
      () => agent!.said().includes('following'),
      () => agent!.said(),
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
