import { type TestApp, startAppOn } from '../support/app.js';
import { auditKey, auditRecords, runSql } from '../support/audit.js';
import { DatabaseProxy, type Fate } from '../support/database-proxy.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const KEYS = '/api/v1/keys';
const JSON_TYPE = { 'Content-Type': 'application/json' };
/** Milliseconds. */
const DEADLINE = 1500;
const LOSSES: [string, Fate][] = [
  ['before the server has it', 'cut'],
  ['before its answer arrives', 'cut-answer'],
  ['because the server stands still', 'freeze'],
];

const session = (externalId: string, more: object = {}) => ({
  ...{ externalId, clientGuid: 'c', clientName: 'c', userName: 'u' },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: null, ...more },
});

const servers = engines.filter(({ url }) => url !== undefined);

describe.each(servers)('a COMMIT that is lost on $name', (engine) => {
  let database: FreshDatabase;
  let proxy: DatabaseProxy;
  let app: TestApp;
  let writer: string;
  let auditor: string;
  let admin: string;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    proxy = await DatabaseProxy.start(database.url);
    app = await startAppOn(proxy.through(database.url), { LOG_LEVEL: 'none', TRANSACTION_TIMEOUT: DEADLINE });
    writer = await app.key('ingest:write');
    admin = await app.key('admin');
    auditor = await auditKey(database.url);
    await ingest(app.url, writer, [session('before')]);
  });
  afterAll(async () => {
    await app?.close();
    await proxy?.close();
    await database?.drop();
  });

  const stored = (where: string) =>
    runSql<{ n: number; versions: number }>(
      database.url,
      `SELECT COUNT(*) AS n, MAX(version) AS versions FROM sessions WHERE ${where}`,
    );
  const audited = async (requestId: string) =>
    (await auditRecords(app.url, auditor)).filter((record) => record.requestId === requestId);
  const verdict = async () => {
    const { body } = await rawRequest(app.url, '/api/v1/audit/verify', { headers: { ApiKey: auditor } });
    return (JSON.parse(body) as { verdict: string }).verdict;
  };
  const change = (method: string, path: string, body?: unknown) =>
    rawRequest(app.url, path, {
      ...{ method, headers: { ApiKey: admin, ...JSON_TYPE } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  /** A key that can be told apart by its name. */
  const created = async (name: string) => {
    const { body } = await change('POST', KEYS, { name, scopes: ['sessions:read'] });
    return (JSON.parse(body) as { prefix: string }).prefix;
  };
  const keysNamed = (name: string) =>
    runSql<{ revoked_at: string | null; name: string }>(
      database.url,
      `SELECT name, revoked_at FROM api_keys WHERE name = '${name}'`,
    );

  it.each(LOSSES)('%s creates and changes sessions once, with the results of once', async (_when, fate) => {
    const externalId = `new-${fate}`;
    proxy.loseCommit(fate, 'INSERT INTO sessions');
    const { results } = await ingest(app.url, writer, [session(externalId)]);
    expect(proxy.losses).toEqual([fate]);
    expect(results).toMatchObject([{ externalId, status: 'created' }]);
    proxy.loseCommit(fate, 'INSERT INTO sessions');
    const again = await ingest(app.url, writer, [session(externalId, { logoutDate: '2021-01-01T11:00Z' })]);
    expect(proxy.losses).toEqual([fate]);
    expect(again.results).toMatchObject([{ externalId, status: 'updated', sessionId: results[0]!.sessionId }]);
    expect((await stored(`external_id = '${externalId}'`)).map(({ n, versions }) => [Number(n), versions])).toEqual([
      [1, 2],
    ]);
  });

  it.each(LOSSES)('%s leaves one audit record, and the answer waits for it', async (_when, fate) => {
    proxy.loseCommit(fate, 'INSERT INTO audit_records');
    const headers = { ApiKey: auditor, 'X-Request-Id': `read-${fate}` };
    const { status } = await rawRequest(app.url, '/ekranapi/sessions', { headers });
    expect([status, proxy.losses]).toEqual([200, [fate]]);
    proxy.use(() => 'pass');
    expect((await audited(`read-${fate}`)).filter(({ kind }) => kind === 'request')).toHaveLength(1);
    expect(await verdict()).toBe('intact');
  });

  it.each(LOSSES)('%s does not make a second key, and says so', async (_when, fate) => {
    proxy.loseCommit(fate, 'INSERT INTO `api_keys`');
    const answer = await change('POST', KEYS, { name: `key-${fate}`, scopes: ['sessions:read'] });
    expect([answer.status, proxy.losses]).toEqual([503, [fate]]);
    expect(JSON.parse(answer.body)).toMatchObject({
      type: 'urn:session-audit:problem:unavailable',
      detail: expect.stringContaining('not known whether the change was made') as unknown,
    });
    expect(answer.headers['retry-after']).toBeUndefined();
    expect(await keysNamed(`key-${fate}`)).toHaveLength(fate === 'cut-answer' ? 1 : 0);
  });

  it.each(LOSSES)('%s does not replace a key twice, and revokes one', async (_when, fate) => {
    const prefix = await created(`old-${fate}`);
    proxy.loseCommit(fate, 'INSERT INTO `api_keys`');
    expect((await change('POST', `${KEYS}/${prefix}/rotate`, { overlap: '0s' })).status).toBe(503);
    expect(await keysNamed(`old-${fate}`)).toHaveLength(fate === 'cut-answer' ? 2 : 1);
    const other = await created(`revoked-${fate}`);
    proxy.loseCommit(fate, 'UPDATE `api_keys`');
    expect([(await change('POST', `${KEYS}/${other}/revoke`)).status, proxy.losses]).toEqual([200, [fate]]);
    expect((await keysNamed(`revoked-${fate}`))[0]!.revoked_at).not.toBeNull();
  });

  it('of all connections while they are idle is not seen by callers', async () => {
    for (let n = 0; n < 3; n++) {
      proxy.cutAll();
      const { status } = await rawRequest(app.url, '/ekranapi/sessions', { headers: { ApiKey: auditor } });
      const { results } = await ingest(app.url, writer, [session(`idle-${n}`)]);
      expect([status, results[0]!.status]).toEqual([200, 'created']);
    }
  });

  it('again and again ends by time, with a 503 that says when to come back', async () => {
    proxy.use((sql, earlier) =>
      sql === 'COMMIT' && earlier.some((text) => text.startsWith('INSERT INTO sessions')) ? 'cut' : 'pass',
    );
    const started = performance.now();
    const answer = await rawRequest(app.url, '/api/v1/ingest/sessions', {
      ...{ method: 'POST', headers: { ApiKey: writer, ...JSON_TYPE }, body: JSON.stringify([session('never')]) },
    });
    proxy.use(() => 'pass');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(performance.now() - started).toBeLessThan(app.config.POOL_TIMEOUT + 5000);
    expect(await stored("external_id = 'never'")).toMatchObject([{ versions: null }]);
  }, 20_000);
});
