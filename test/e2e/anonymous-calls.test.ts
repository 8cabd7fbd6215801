import { type AuditRecord, RECORD_KINDS } from '../../src/modules/audit/chain/audit-record.js';
import { type TestApp, startApp, startAppOn } from '../support/app.js';
import { auditKey, auditRecords, runCli } from '../support/audit.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { rawRequest } from '../support/http.js';

const LIMIT = 4;
const PROBLEM = 'application/problem+json; charset=utf-8';

describe.each(engines)('calls without a valid key on $name', (engine) => {
  describe('within the limit of their address', () => {
    let app: TestApp;
    let key: string;
    beforeAll(async () => {
      app = await startApp(engine);
      key = await app.key('sessions:read');
    });
    afterAll(() => app?.close());

    it.each([
      ['an unknown path', 'GET', '/api/v1/nothing', 404],
      ['an unknown path of the vendor', 'GET', '/EkranAPI/statistics/none', 404],
      ['the root of the API', 'GET', '/api', 404],
      ['a path below an endpoint', 'GET', '/ekranapi/sessions/1', 404],
      ['another method', 'DELETE', '/ekranapi/sessions', 405],
      ['a method without a name', 'OPTIONS', '/api/v1/keys', 405],
    ])('are answered with 401 for %s', async (_what, method, path, withKey) => {
      const answer = (headers: Record<string, string>) => rawRequest(app.url, path, { method, headers });
      for (const headers of [{}, { ApiKey: 'wrong' }] as Record<string, string>[]) {
        const { status, type, headers: sent } = await answer(headers);
        expect([status, type, sent['www-authenticate']]).toEqual([401, PROBLEM, 'Bearer']);
      }
      expect((await answer({ ApiKey: key })).status).toBe(withKey);
    });

    it('find out nothing about other paths', async () => {
      expect((await rawRequest(app.url, '/apis')).status).toBe(404);
      expect((await rawRequest(app.url, '/health')).status).toBe(200);
    });
  });

  describe('beyond the limit of their address', () => {
    let database: FreshDatabase;
    let records: AuditRecord[];
    let statuses: number[];
    beforeAll(async () => {
      database = await freshDatabase(engine);
      const limits = { AUTH_FAILURE_LIMIT: { calls: LIMIT, perMs: 60_000 }, CORS_ORIGINS: 'https://bi.example.org' };
      const app = await startAppOn(database.url, limits);
      const key = await auditKey(database.url);
      const preflight = { Origin: 'https://bi.example.org', 'Access-Control-Request-Method': 'GET' };
      const send: [string, Parameters<typeof rawRequest>[2]?][] = [
        ...Array.from({ length: LIMIT }, (_, n): [string] => [`/api/${n}`]),
        ['/api/v1/nothing'],
        [`/api/${'x'.repeat(1500)}`],
        [`/ekranapi/${'x'.repeat(9000)}`],
        ['/ekranapi/sessions', { headers: { ApiKey: 'wrong' } }],
        ['/ekranapi/sessions', { method: 'DELETE' }],
        ['/ekranapi/sessions', { method: 'OPTIONS', headers: preflight }],
        ['/api/%ff'],
      ];
      statuses = [];
      for (const [path, options] of send) statuses.push((await rawRequest(app.url, path, options)).status);
      expect((await rawRequest(app.url, '/ekranapi/sessions', { headers: { ApiKey: key } })).status).toBe(200);
      await app.close();
      const after = await startAppOn(database.url);
      records = await auditRecords(after.url, key);
      await after.close();
    });
    afterAll(() => database?.drop());

    it('are refused with 429', () => {
      expect(statuses.slice(0, LIMIT)).toEqual(Array<number>(LIMIT).fill(401));
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(4);
    });

    it('are one record together, and calls with a valid key are recorded as before', () => {
      const kinds = Object.fromEntries(RECORD_KINDS.map((k) => [k, records.filter(({ kind }) => kind === k).length]));
      expect(kinds).toMatchObject({ refused: LIMIT, summary: 1, abandoned: 0 });
      const summary = records.find(({ kind }) => kind === 'summary')!;
      expect(summary).toMatchObject({ address: '127.0.0.1', caller: null, status: null, method: '*', path: '*' });
      const filter = JSON.parse(summary.filter) as { calls: number; statuses: Record<string, number> };
      expect([filter.calls, Object.values(filter.statuses).reduce((sum, n) => sum + n)]).toEqual([
        statuses.length - LIMIT,
        statuses.length - LIMIT,
      ]);
      const read = records.filter(({ caller, path }) => caller !== null && path === '/ekranapi/sessions');
      expect(read.map(({ kind }) => kind)).toEqual(['request', 'outcome']);
    });

    it('leave an intact chain', async () => {
      const { code, out } = await runCli(['audit', 'verify'], { DATABASE_URL: database.url });
      expect([code, out]).toEqual([0, expect.stringMatching(/^intact: /m)]);
    });
  });
});
