import { get } from 'node:http';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { AUDIT_ACTIONS } from '../../src/modules/audit/port/audit-action.js';
import { type AuditRecord, RECORD_KINDS } from '../../src/modules/audit/chain/audit-record.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditKey, auditRecords, pollUntil } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { seedSessions } from '../support/server-process.js';

const WINDOW = '/ekranapi/sessions?start=2021-01-01T01:00:00%2B01:00&end=2021-01-02';
const SESSION = { clientGuid: 'c', clientName: 'c', userName: 'u', loginDate: '2021-01-01T10:00Z', logoutDate: null };

describe.each(engines)('the audit on $name', (engine) => {
  let app: TestApp;
  let auditor: string;
  let reader: string;
  let since: string;
  beforeEach(() => (since = new Date(Date.now() - 1000).toISOString()));
  beforeAll(async () => {
    app = await startApp(engine, { TRUSTED_PROXIES: '127.0.0.1', MAX_DOWNLOADS: 2 });
    auditor = await auditKey(app.config.DATABASE_URL);
    reader = await app.key('sessions:read');
  });
  afterAll(() => app?.close());

  /** The records of one request; complete when the last one has a status. */
  const recordsOf = (requestId: string, count: number) =>
    pollUntil(
      async () => (await auditRecords(app.url, auditor, `?from=${since}`)).filter((r) => r.requestId === requestId),
      (records) => records.length >= count,
    );
  const call = (path: string, id: string, options: { method?: string; headers?: Record<string, string> } = {}) =>
    rawRequest(app.url, path, { ...options, headers: { 'X-Request-Id': id, ApiKey: reader, ...options.headers } });

  it('records a read with the parsed filter before its answer, and the outcome after it', async () => {
    await ingest(app.url, await app.key('ingest:write'), [{ ...SESSION, externalId: '1' }]);
    const answer = await call(WINDOW, 'read-1');
    const [request, outcome, ...more] = await recordsOf('read-1', 2);
    expect([answer.status, more]).toEqual([200, []]);
    const same = {
      ...{ requestId: 'read-1', caller: reader.slice(4, 12), callerName: 'test', address: '127.0.0.1' },
      ...{ action: 'sessions.read', method: 'GET', path: '/ekranapi/sessions' },
    };
    expect(request).toMatchObject({ ...same, kind: 'request', requestSeq: null, status: null, rows: null });
    expect(JSON.parse(request!.filter)).toEqual({ start: '2021-01-01 00:00:00.000', end: '2021-01-02 00:00:00.000' });
    const end = { status: 200, rows: 1, bytes: Buffer.byteLength(answer.body), cutShort: false };
    expect(outcome).toMatchObject({
      ...same,
      ...end,
      kind: 'outcome',
      requestSeq: request!.seq,
      filter: request!.filter,
    });
    expect(outcome!.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('counts the bytes sent, after compression', async () => {
    const answer = await call('/ekranapi/sessions', 'gzip', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    const [, outcome] = await recordsOf('gzip', 2);
    expect(outcome!.bytes).toBeGreaterThan(20);
    const head = await call('/ekranapi/sessions', 'head', { method: 'HEAD' });
    expect([head.status, (await recordsOf('head', 2))[1]!.bytes]).toEqual([200, 0]);
  });

  it('records a change before it is made', async () => {
    const headers = { ApiKey: await app.key('ingest:write'), 'Content-Type': 'application/json' };
    await rawRequest(app.url, '/api/v1/ingest/sessions', {
      ...{ method: 'POST', body: '[]', headers: { ...headers, 'X-Request-Id': 'change' } },
    });
    const records = await recordsOf('change', 2);
    expect(records.map((r) => [r.kind, r.action, r.status])).toEqual([
      ['request', 'ingest.write', null],
      ['outcome', 'ingest.write', 200],
    ]);
  });

  it.each([
    ['an invalid query', 400, '/ekranapi/sessions?foo=1', {}, 'sessions.read'],
    ['a wrong key', 401, '/ekranapi/sessions', { headers: { ApiKey: 'sak_aaaaaaaa_x' } }, 'sessions.read'],
    ['a key without the scope', 403, '/api/v1/audit/records', {}, 'audit.read'],
    ['an unknown path of the API', 404, '/api/v1/nothing', {}, null],
    ['an unknown path of the vendor', 404, '/EkranAPI/statistics/none', {}, null],
    ['a method that is not supported', 405, '/ekranapi/sessions', { method: 'DELETE' }, null],
  ])('records %s in one record', async (_what, status, path, options, action) => {
    const id = `refused-${status}${path.length}`;
    expect((await call(path, id, options)).status).toBe(status);
    const records = await recordsOf(id, 1);
    expect(records.map((r) => [r.kind, r.status, r.action, r.path])).toEqual([
      ['refused', status, action, path.split('?')[0]],
    ]);
    expect(records[0]!.caller).toBe(status === 401 ? null : reader.slice(4, 12));
  });

  it('does not record public routes', async () => {
    for (const path of ['/health', '/openapi.json', '/docs', '/nothing', '/']) await call(path, 'public');
    await call('/api/nothing', 'after-public');
    expect(await recordsOf('after-public', 1)).toHaveLength(1);
    expect(await recordsOf('public', 0)).toEqual([]);
  });

  it('records reads of the audit itself', async () => {
    await call('/api/v1/audit/records?limit=2&status=200', 'audit-read', { headers: { ApiKey: auditor } });
    const [request, outcome] = await recordsOf('audit-read', 2);
    expect(JSON.parse(request!.filter)).toEqual({ status: 200, limit: 2, format: 'json' });
    expect([request!.action, outcome!.rows]).toEqual(['audit.read', 2]);
  });

  it('contains no key, wherever a caller puts it', async () => {
    const secret = reader.slice(13);
    const encoded = [...reader].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    expect((await call(`/api/${reader}`, reader)).status).toBe(404);
    await call(`/api/${encoded}?key=${reader}`, 'key-1');
    await call(`/ekranapi/sessions?start=${reader}`, 'key-2');
    await call(`/api/v1/audit/records?caller=${reader}`, 'key-3', { headers: { ApiKey: auditor } });
    await recordsOf('key-3', 2);
    const text = JSON.stringify(await auditRecords(app.url, auditor));
    expect(text).toContain(`/api/sak_${reader.slice(4, 12)}_…`);
    for (const part of [secret, secret.slice(0, 20), auditor.slice(13)]) expect(text).not.toContain(part);
  });

  it('accepts a forwarded caller address only from a trusted proxy', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.9, 198.51.100.7' };
    await call('/api/nothing', 'proxied', { headers });
    expect((await recordsOf('proxied', 1))[0]!.address).toBe('198.51.100.7');
    await call('/api/nothing', 'forged', { headers: { 'X-Forwarded-For': '=cmd|x' } });
    expect((await recordsOf('forged', 1))[0]!.address).toBe('127.0.0.1');
    const direct = await startApp(engine);
    try {
      const key = await auditKey(direct.config.DATABASE_URL);
      await rawRequest(direct.url, '/api/nothing', { headers });
      expect((await auditRecords(direct.url, key))[0]!.address).toBe('127.0.0.1');
    } finally {
      await direct.close();
    }
  });

  it('refuses invalid parameters and unsupported content types', async () => {
    const bad = [
      'foo=1',
      'status=abc',
      'action=x',
      'kind=x',
      'address=x',
      'cursor=x',
      'limit=0',
      'limit=1001',
      'from=',
    ];
    for (const query of [...bad, 'from=2021-01-02&to=2021-01-01', 'status=200&status=200', 'caller=']) {
      const { status } = await call(`/api/v1/audit/records?${query}`, 'bad', { headers: { ApiKey: auditor } });
      expect([query, status]).toEqual([query, 400]);
    }
    const headers = { ApiKey: auditor, Accept: 'image/png' };
    expect((await call('/api/v1/audit/records', 'type', { headers })).status).toBe(406);
    const limited = { ApiKey: auditor, Accept: 'text/csv' };
    expect((await call('/api/v1/audit/records?limit=1', 'csv', { headers: limited })).status).toBe(400);
  });

  it('returns complete and disjoint pages while records are added, with the same cursor in header and body', async () => {
    const before = await auditRecords(app.url, auditor);
    const seen: AuditRecord[] = [];
    let path: string | undefined = '/api/v1/audit/records?limit=7';
    for (let n = 0; path && seen.length < before.length; n++) {
      const answer = await call(path, `page-${n}`, { headers: { ApiKey: auditor } });
      const { records, next } = JSON.parse(answer.body) as { records: AuditRecord[]; next: string | null };
      seen.push(...records);
      path = /^<(.*)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1];
      expect(path?.includes(`cursor=${next}`) ?? false).toBe(next !== null);
      await call('/api/nothing', `meanwhile-${n}`);
    }
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => i + 1));
    expect(seen.slice(0, before.length)).toEqual(before);
  }, 60_000);

  it('refuses a cursor with another filter', async () => {
    const headers = { ApiKey: auditor };
    const page = await call('/api/v1/audit/records?limit=1&kind=request', 'first', { headers });
    const { next } = JSON.parse(page.body) as { next: string };
    const status = async (query: string) =>
      (await call(`/api/v1/audit/records?limit=1&cursor=${next}${query}`, 'next', { headers })).status;
    expect([await status('&kind=request'), await status('&kind=refused'), await status('')]).toEqual([200, 400, 400]);
  });

  it('applies combined filters like a scan of all records, in pages and in streams', async () => {
    const all = await auditRecords(app.url, auditor);
    const of = <T>(values: readonly (T | null | undefined)[]) => fc.option(fc.constantFrom(...new Set(values)));
    const filters = fc.record({
      from: of(all.map(({ at }) => at)),
      to: of(all.map(({ at }) => at)),
      caller: of(all.map(({ caller }) => caller).filter(Boolean)),
      action: of<string>(AUDIT_ACTIONS),
      address: of(all.map(({ address }) => address).filter(Boolean)),
      status: of([200, 400, 401, 403, 404]),
      kind: of<string>(RECORD_KINDS),
    });
    const matches = (r: AuditRecord, f: Record<string, unknown>) =>
      Object.entries(f).every(([name, value]) =>
        name === 'from' ? r.at >= String(value) : name === 'to' ? r.at < String(value) : r[name as 'seq'] === value,
      );
    const check = fc.asyncProperty(filters, async (filter) => {
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value != null));
      fc.pre(!(filter.from && filter.to && filter.from > filter.to));
      const query = new URLSearchParams(given as Record<string, string>).toString();
      const expected = all.filter((record) => matches(record, given));
      const known = (records: AuditRecord[]) => records.filter(({ seq }) => seq <= all.length);
      expect(known(await auditRecords(app.url, auditor, `?${query}`))).toEqual(expected);
      const paged: AuditRecord[] = [];
      let cursor: string | null = '';
      while (cursor !== null && !paged.some(({ seq }) => seq > all.length)) {
        const page = await call(`/api/v1/audit/records?${query}&limit=40${cursor && `&cursor=${cursor}`}`, 'filter', {
          headers: { ApiKey: auditor },
        });
        const body = JSON.parse(page.body) as { records: AuditRecord[]; next: string | null };
        paged.push(...body.records);
        cursor = body.next;
      }
      expect(known(paged)).toEqual(expected);
    });
    await fc.assert(check, { numRuns: 15 });
  }, 60_000);

  it('returns CSV that a spreadsheet does not interpret as formulas', async () => {
    const evil = await auditKey(app.config.DATABASE_URL, `=cmd|'/C calc'!A0,"x"`);
    // A new key is known to every process within a second.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await call('/ekranapi/sessions?end=2020-01-01', '-1', { headers: { ApiKey: evil } });
    const [expected] = await recordsOf('-1', 2);
    const headers = { ApiKey: auditor, Accept: 'text/csv' };
    const answer = await call(`/api/v1/audit/records?caller=${evil.slice(4, 12)}`, 'csv-1', { headers });
    expect(answer.type).toBe('text/csv; charset=utf-8; header=present');
    const [row] = parse(answer.body, { columns: true }) as Record<string, string>[];
    expect(Object.keys(row!)).toEqual(Object.keys(expected!));
    expect(row).toMatchObject({
      ...{ seq: String(expected!.seq), callerName: `'=cmd|'/C calc'!A0,"x"`, hash: expected!.hash, cutShort: '' },
      ...{ filter: expected!.filter },
    });
    expect(answer.body).not.toMatch(/(^|,)"?[=+\-@]/m);
  });

  it('records that a caller disconnected during an answer', async () => {
    const database = app.config.DATABASE_URL;
    await seedSessions(database, 100_000);
    await new Promise<void>((resolve) => {
      const headers = { ApiKey: reader, 'X-Request-Id': 'leaver' };
      const req = get(`${app.url}/ekranapi/sessions`, { headers, agent: false }, (res) => {
        res.once('readable', () => req.destroy());
        res.once('error', () => resolve());
        res.once('close', () => resolve());
      });
      req.once('error', () => resolve());
    });
    const [, outcome] = await recordsOf('leaver', 2);
    expect(outcome).toMatchObject({ kind: 'outcome', status: 200, cutShort: true });
    expect(outcome!.rows).toBeLessThan(100_000);
  }, 180_000);
});
