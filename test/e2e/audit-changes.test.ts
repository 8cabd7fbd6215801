import { AppConfig } from '../../src/config/app-config.js';
import { migrate } from '../../src/cli/context.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditKey, auditRecords, pollUntil, runSql } from '../support/audit.js';
import { type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { rawRequest } from '../support/http.js';
import { keyFor, startServerProcess } from '../support/server-process.js';

const KEYS = '/api/v1/keys';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const prefixOf = (key: string) => key.slice(4, 12);

describe.each(engines)('a call that changes something or reads by POST, on $name', (engine) => {
  let app: TestApp;
  let admin: string;
  let auditor: string;
  beforeAll(async () => {
    app = await startApp(engine);
    admin = await app.key('admin');
    auditor = await auditKey(app.config.DATABASE_URL);
  });
  afterAll(() => app?.close());

  const post = async (path: string, key: string, body: object | string, method = 'POST') => {
    const id = `change-${path.length}-${method}-${Math.random()}`;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await rawRequest(app.url, path, {
      ...{ method, headers: { ApiKey: key, ...JSON_TYPE, 'X-Request-Id': id }, body: text },
    });
    expect(answer.status).toBeLessThan(300);
    const records = await auditRecords(app.url, auditor);
    const [request] = records.filter(({ requestId, kind }) => requestId === id && kind === 'request');
    return { answer: JSON.parse(answer.body) as { prefix: string }, filter: JSON.parse(request!.filter) as object };
  };

  it('is recorded with the prefix, the limits and the expiry of a new key', async () => {
    const body = { name: 'siem', scopes: ['sessions:read', 'ingest:write'], expiresAt: '2099-01-01T00:00:00Z' };
    const limits = { cidrs: ['192.0.2.0/24'], clientGuids: ['a', 'b'] };
    const { answer, filter } = await post(KEYS, admin, { ...body, ...limits });
    expect(filter).toEqual({
      ...{ prefix: answer.prefix, name: 'siem', scopes: 'sessions:read ingest:write' },
      ...{ expiresAt: '2099-01-01 00:00:00.000', cidrs: '192.0.2.0/24', clientGuids: 'a b' },
    });
  });

  it('is recorded with the prefix and the values of the key that a rotation makes', async () => {
    const old = prefixOf(await app.limitedKey({ name: 'old', scopes: ['sessions:read'], clientGuids: ['a'] }));
    const { answer, filter } = await post(`${KEYS}/${old}/rotate`, admin, { overlap: '2h' });
    expect(filter).toEqual({
      ...{ prefix: old, overlap: '2h', newPrefix: answer.prefix, name: 'old', scopes: 'sessions:read' },
      ...{ expiresAt: null, cidrs: null, clientGuids: 'a' },
    });
  });

  it('is recorded with the limits that it lifts', async () => {
    const prefix = prefixOf(await app.limitedKey({ scopes: ['sessions:read'], clientGuids: ['a'] }));
    const { filter } = await post(`${KEYS}/${prefix}`, admin, { clientGuids: null }, 'PATCH');
    expect(filter).toEqual({ prefix, fields: 'clientGuids', clientGuids: null });
  });

  it('is recorded with what announces the records of ingestion', async () => {
    const { filter } = await post('/api/v1/ingest/sessions', await app.key('ingest:write'), '[]');
    expect(filter).toEqual({ contentType: 'application/json', contentEncoding: 'identity', contentLength: 2 });
  });

  it('is recorded with the parsed window of the details', async () => {
    const body = { start: '2021-01-01T01:00:00+01:00', sessionCount: 5 };
    const { filter } = await post('/ekranapi/sessions', await app.key('sessions:read'), body);
    expect(filter).toMatchObject({ start: '2021-01-01 00:00:00.000', end: null, sessionCount: 5 });
  });
});

/** Blocks every change of the networks of a key. @returns ends that */
async function blockChanges({ url }: TestEngine, database: string): Promise<() => Promise<void>> {
  if (url === undefined) {
    const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
    const trigger = 'CREATE TRIGGER stuck BEFORE UPDATE OF cidrs ON api_keys BEGIN SELECT COUNT(*) FROM endless; END';
    await runSql(database, `CREATE VIEW endless AS ${numbers}`, trigger);
    return () => Promise.resolve();
  }
  const { dataSource } = await openDataSource(database, 1);
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query('SELECT changes FROM api_key_changes FOR UPDATE');
  return async () => {
    await runner.rollbackTransaction();
    await dataSource.destroy();
  };
}

describe.each(engines)('a process that is killed during a change on $name', (engine) => {
  it('leaves the record of the change, with its values', async () => {
    const database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
    const admin = await keyFor(database.url, { scopes: ['admin'] });
    const prefix = prefixOf(await keyFor(database.url, { cidrs: ['192.0.2.0/24'] }));
    const server = await startServerProcess(database.url);
    try {
      const unblock = await blockChanges(engine, database.url);
      const options = { method: 'PATCH', headers: { ApiKey: admin, ...JSON_TYPE }, body: '{"cidrs":null}' };
      const end = rawRequest(server.url, `${KEYS}/${prefix}`, options).then(
        () => 'answered',
        () => 'lost',
      );
      const sql = `SELECT kind, filter FROM audit_records WHERE action = 'keys.update'`;
      const records = await pollUntil(
        () => runSql<{ kind: string; filter: string }>(database.url, sql),
        (rows) => rows.length > 0,
      );
      await server.stop();
      expect(await end).toBe('lost');
      expect(records).toEqual([{ kind: 'request', filter: expect.any(String) as string }]);
      expect(JSON.parse(records[0]!.filter)).toEqual({ prefix, fields: 'cidrs', cidrs: null });
      await unblock();
      const keys = await runSql<{ cidrs: string }>(
        database.url,
        `SELECT cidrs FROM api_keys WHERE prefix = '${prefix}'`,
      );
      expect(keys).toEqual([{ cidrs: '192.0.2.0/24' }]);
    } finally {
      await server.stop();
      await database.drop();
    }
  });
});
