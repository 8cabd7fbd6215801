import { readFileSync } from 'node:fs';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { auditRecords, pollUntil, runSql } from '../support/audit.js';
import { type FreshDatabase, type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { freePort } from '../support/private-server.mjs';
import { type Acknowledged, loadUntil, startTcpProxy } from '../support/process-load.js';
import { runProgram, startProgram } from '../support/program.js';
import { type ServerProcess, keyFor, startServerProcess } from '../support/server-process.js';

const CALLERS = 4;
const servers = engines.filter(({ url }) => url !== undefined);
const SETTINGS = { DB_POOL_SIZE: '4', LOST_AFTER: '24h' };

async function migrated(engine: TestEngine): Promise<FreshDatabase> {
  const database = await freshDatabase(engine);
  await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
  return database;
}

const scopes = ['ingest:write', 'sessions:read', 'audit:read', 'changes:read'] as const;

/** Everything that was acknowledged is there once, the chain and the change log are intact, and each answer has its record. */
async function expectNothingLost(databaseUrl: string, url: string, key: string, acknowledged: Acknowledged) {
  const stored = await runSql<{ e: string }>(databaseUrl, 'SELECT external_id AS e FROM sessions');
  const ids = new Set(stored.map(({ e }) => e));
  expect(acknowledged.records.filter((id) => !ids.has(id))).toEqual([]);
  expect(stored).toHaveLength(ids.size);
  // One change at least for each session has its place in the log.
  const isPlaced = async () =>
    (await runSql<{ n: number }>(databaseUrl, 'SELECT COUNT(*) AS n FROM change_outbox'))[0]!.n;
  expect(Number(await pollUntil(isPlaced, (n) => Number(n) === 0))).toBe(0);
  const headers = { ApiKey: key };
  const audit = await fetch(`${url}/api/v1/audit/verify`, { headers });
  expect(await audit.json()).toMatchObject({ verdict: 'intact', faults: [] });
  let places = 0;
  for (let after: string | null = 'log:0'; after !== null;) {
    const part = await fetch(`${url}/api/v1/changes/verify?after=${after}`, { headers });
    const verdict = (await part.json()) as {
      verdict: string;
      faultCount: number;
      entries: number;
      next: string | null;
    };
    expect(verdict).toMatchObject({ verdict: 'intact', faultCount: 0 });
    places += verdict.entries;
    after = verdict.next;
  }
  expect(places).toBeGreaterThanOrEqual(ids.size);
  const requests = new Set((await auditRecords(url, key)).map(({ requestId }) => requestId));
  expect(acknowledged.windows.filter((id) => !requests.has(id))).toEqual([]);
}

describe.each(servers)('two processes behind a proxy on $name', (engine) => {
  it('lose nothing that was acknowledged when one is killed under load', async () => {
    const database = await migrated(engine);
    const processes: ServerProcess[] = [];
    try {
      const key = await keyFor(database.url, { scopes: [...scopes] });
      const ports = [await freePort(), await freePort()];
      const start = (port: number) => startServerProcess(database.url, { ...SETTINGS, PORT: String(port) });
      for (const port of ports) processes.push(await start(port));
      const proxy = await startTcpProxy(ports);
      let isOver = false;
      const load = loadUntil(() => isOver, { url: proxy.url, key, callers: CALLERS });
      await new Promise((resolve) => setTimeout(resolve, 700));
      await processes[0]!.stop(); // SIGKILL
      processes[0] = await start(ports[0]!);
      isOver = true;
      const acknowledged = await load;
      expect(acknowledged.records.length).toBeGreaterThan(20);
      await expectNothingLost(database.url, processes[0].url, key, acknowledged);
      await proxy.close();
    } finally {
      for (const process of processes) await process.stop();
      await database.drop();
    }
  }, 120_000);
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A worker takes seconds to start on a busy machine; the metrics are served all the time. */
async function reaches(ask: () => Promise<number>, expected: number): Promise<void> {
  let value = await ask();
  for (let tries = 0; value !== expected && tries < 4; tries++) value = await pollUntil(ask, (now) => now === expected);
  expect(value).toBe(expected);
}

describe.each(servers)('worker processes on $name', (engine) => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await migrated(engine);
  });
  afterAll(() => database?.drop());

  it('share the port, are replaced when they are killed under load, lose nothing, and end on SIGTERM', async () => {
    const key = await keyFor(database.url, { scopes: [...scopes] });
    const metricsPort = await freePort();
    const env = { ...SETTINGS, WORKERS: '2', METRICS_LISTEN: `127.0.0.1:${metricsPort}` };
    const server = await startServerProcess(database.url, env);
    const primary = server.child.pid!;
    const metric = async (name: string) => {
      const text = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).then(
        (a) => a.text(),
        () => '',
      );
      return Number(new RegExp(`^session_audit_${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
    };
    try {
      await reaches(() => metric('workers'), 2);
      let isOver = false;
      const load = loadUntil(() => isOver, { url: server.url, key, callers: CALLERS });
      await new Promise((resolve) => setTimeout(resolve, 500));
      process.kill(childrenOf(primary)[1]!, 'SIGKILL');
      await reaches(() => metric('worker_restarts'), 1);
      // While the new worker starts, the metrics are those of the other one.
      expect(await metric('info')).toBe(1);
      await reaches(() => metric('workers'), 2);
      isOver = true;
      const acknowledged = await load;
      expect(acknowledged.records.length).toBeGreaterThan(20);
      await expectNothingLost(database.url, server.url, key, acknowledged);
      expect(await metric('info')).toBe(1);

      const workers = childrenOf(primary);
      const exited = new Promise((resolve) => server.child.once('exit', (...end) => resolve(end)));
      server.child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      expect(workers.filter(runs)).toEqual([]);
    } finally {
      await server.stop();
    }
  }, 120_000);

  it('end with one message when they cannot start', async () => {
    const empty = await freshDatabase(engine);
    try {
      const env = { DATABASE_URL: empty.url, WORKERS: '2', PORT: String(await freePort()) };
      const { code, output } = await runProgram('main.js', { env });
      expect([code, output.match(/The schema of the database lacks/g)?.length]).toEqual([1, 1]);
    } finally {
      await empty.drop();
    }
  });

  it('end together when a newer version has migrated the database', async () => {
    const env = { DATABASE_URL: database.url, WORKERS: '2', PORT: String(await freePort()), AUDIT_CHECKPOINTS: 'off' };
    const server = startProgram('main.js', { env });
    await server.printed(/2 worker processes serve/);
    await runSql(database.url, "INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Newer')");
    expect(await server.exit).toBe(1);
    await runSql(database.url, "DELETE FROM migrations WHERE name = 'Newer'");
  });
});

describe('worker processes on SQLite', () => {
  it('are refused at the start', async () => {
    const { code, output } = await runProgram('main.js', { env: { DATABASE_URL: 'sqlite:./x.db', WORKERS: '2' } });
    expect([code, output]).toEqual([1, expect.stringContaining('WORKERS must be 1 with SQLite')]);
  });
});
