import { createConnection } from 'mysql2/promise';
import { type TestApp, startAppOn } from '../support/app.js';
import { auditKey, auditRecords, pollUntil } from '../support/audit.js';
import { DurableServer } from '../support/durable-server.mjs';
import { ingest, rawRequest } from '../support/http.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const TUNING = ['--innodb-buffer-pool-size=64M'];
const APP = 'GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON outage.* TO app';

const session = (externalId: string) => ({
  ...{ externalId, clientGuid: 'c', clientName: 'c', userName: 'u' },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: null },
});

describe('a database server that fails', () => {
  let server: DurableServer;
  let root: string;
  let app: TestApp;
  let writer: string;
  let reader: string;
  beforeAll(async () => {
    server = new DurableServer({ tuning: TUNING });
    root = await server.create();
    await onServer('CREATE DATABASE outage', "CREATE USER app IDENTIFIED BY 'app'", APP);
    // An account that may not write while read_only is on.
    const url = Object.assign(new URL('outage', root), { username: 'app', password: 'app' }).href;
    app = await startAppOn(url, { LOG_LEVEL: 'none', POOL_TIMEOUT: 8000 });
    writer = await app.key('ingest:write');
    reader = await auditKey(url);
    await ingest(app.url, writer, [session('first')]);
  }, 60_000);
  afterAll(async () => {
    if (server) process.kill(server.pid!, 'SIGCONT');
    await app?.close();
    await server?.remove();
  });

  async function onServer(...statements: string[]): Promise<void> {
    const connection = await createConnection(root);
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  }
  const send = (externalId: string) =>
    rawRequest(app.url, '/api/v1/ingest/sessions', {
      ...{ method: 'POST', headers: { ApiKey: writer, ...JSON_TYPE }, body: JSON.stringify([session(externalId)]) },
    });
  const read = () => rawRequest(app.url, '/ekranapi/sessions', { headers: { ApiKey: reader } });
  const health = () => rawRequest(app.url, '/health');
  const isHealthy = async () => (await pollUntil(health, ({ status }) => status === 200)).status;
  const statusOf = ({ body }: { body: string }) =>
    (JSON.parse(body) as { results: { status: string }[] }).results.map(({ status }) => status);

  it('by kill -9 and starts again is not seen by callers that wait, and nothing is lost or doubled', async () => {
    const before = Array.from({ length: 3 }, (_, n) => send(`before-${n}`));
    await server.kill();
    const during = [send('during'), read()];
    await server.restart();
    const answers = await Promise.all([...before, ...during]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.slice(0, 4).map(statusOf)).toEqual(Array.from({ length: 4 }, () => ['created']));
    const stored = JSON.parse((await read()).body) as { sessionId: number }[];
    expect([stored.length, new Set(stored.map(({ sessionId }) => sessionId)).size]).toEqual([5, 5]);
    expect(await isHealthy()).toBe(200);
  }, 60_000);

  it('by standing still holds neither audit nor writers, and its health says so in time', async () => {
    process.kill(server.pid!, 'SIGSTOP');
    const started = performance.now();
    // A result of the health check is reused for a second.
    const down = pollUntil(health, ({ status }) => status === 503);
    const answers = await Promise.all([send('still'), read(), down]);
    const ms = performance.now() - started;
    process.kill(server.pid!, 'SIGCONT');
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(answers.slice(0, 2).map(({ headers }) => Number(headers['retry-after']) > 0)).toEqual([true, true]);
    expect(ms).toBeLessThan(25_000);
    expect(await isHealthy()).toBe(200);
    expect((await Promise.all([send('still'), read()])).map(({ status }) => status)).toEqual([200, 200]);
  }, 90_000);

  it('by standing still for a moment is not seen by callers', async () => {
    process.kill(server.pid!, 'SIGSTOP');
    const answers = Promise.all([send('moment'), read()]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    process.kill(server.pid!, 'SIGCONT');
    expect((await answers).map(({ status }) => status)).toEqual([200, 200]);
  }, 60_000);

  it('by becoming read only is 503 for writes, reads and health, and serves again afterwards', async () => {
    await onServer('SET GLOBAL read_only = ON');
    try {
      const answers = await Promise.all([send('read-only'), read()]);
      expect(answers.map(({ status, headers }) => [status, Number(headers['retry-after']) > 0])).toEqual([
        [503, true],
        [503, true],
      ]);
      expect((await pollUntil(health, ({ status }) => status === 503)).status).toBe(503);
    } finally {
      await onServer('SET GLOBAL read_only = OFF');
    }
    expect(await isHealthy()).toBe(200);
    expect(statusOf(await send('read-only'))).toEqual(['created']);
  }, 60_000);

  it('and is read only for a moment is not seen by callers', async () => {
    await onServer('SET GLOBAL read_only = ON');
    const answers = Promise.all([send('promotion'), read()]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await onServer('SET GLOBAL read_only = OFF');
    expect((await answers).map(({ status }) => status)).toEqual([200, 200]);
  }, 60_000);

  it('leaves an intact chain', async () => {
    const { body } = await rawRequest(app.url, '/api/v1/audit/verify', { headers: { ApiKey: reader } });
    expect(JSON.parse(body)).toMatchObject({ verdict: 'intact' });
    expect((await auditRecords(app.url, reader)).length).toBeGreaterThan(10);
  });
});
