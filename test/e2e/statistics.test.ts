import { createApp } from '../../src/app.setup.js';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { type Snapshot, Snapshots } from '../../src/platform/database/snapshots/snapshots.js';
import { DirectoryListsService } from '../../src/modules/directory/directory-lists.service.js';
import { IngestionService } from '../../src/modules/ingestion/ingestion.service.js';
import { ProductivityService } from '../../src/modules/statistics/productivity/productivity.service.js';
import { SessionDetailsService } from '../../src/modules/statistics/details/session-details.service.js';
import { UsageService } from '../../src/modules/statistics/usage/usage.service.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines, freshDatabase, type FreshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const LISTS = [
  '/ekranapi/statistics/getapp',
  '/ekranapi/statistics/geturl',
  '/ekranapi/user/getproductivity',
  '/ekranapi/clients',
  '/ekranapi/users',
];
const DETAILS = '/ekranapi/sessions';
const JSON_TYPE = { 'Content-Type': 'application/json' };

const record = (externalId: string, more: object) => ({
  ...{ externalId, clientGuid: 'm1', clientName: 'Machine 1', userName: 'ada' },
  ...{ loginDate: '2021-09-01T14:00:00Z', logoutDate: '2021-09-01T15:00:00Z' },
  ...more,
});

describe.each(engines)('the interface of statistics on $name', (engine) => {
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(engine, { API_TIME_ZONE: 'Europe/Moscow' });
    key = await app.key('sessions:read', 'activities:read', 'ingest:write');
    const activities = [
      { at: '2021-09-01T14:10:00.000Z', application: 'winword.exe', url: 'https://Example.com/a' },
      { at: '2021-09-01T14:12:50.301Z', application: 'excel.exe' },
    ];
    await ingest(app.url, key, [record('s1', { activities }), record('s2', { clientGuid: 'm2', userName: 'grace' })]);
  });
  afterAll(() => app?.close());

  const send = (path: string, method = 'GET', headers: Record<string, string> = {}, body?: string) =>
    rawRequest(app.url, path, { method, headers: { ApiKey: key, ...headers }, body });
  const post = (query: string, body?: string, headers: Record<string, string> = JSON_TYPE) =>
    send(`${DETAILS}${query}`, 'POST', body === undefined ? {} : headers, body);
  const refused = async (answer: Promise<Awaited<ReturnType<typeof send>>>, status: number, parameter?: string) => {
    const { status: seen, type, body } = await answer;
    expect([seen, type]).toEqual([status, 'application/problem+json; charset=utf-8']);
    const { errors } = JSON.parse(body) as { errors?: { parameter: string }[] };
    if (parameter !== undefined) expect(errors?.map((e) => e.parameter)).toEqual([parameter]);
  };

  it('writes hours, durations and fields as documented', async () => {
    const window = '?start=2021-09-01&end=2021-09-02';
    const { body } = await send(`/ekranapi/statistics/getapp${window}`);
    expect(body).toBe(
      '[{"data":[{"duration":"00:15:00.0000000","key":"excel.exe"},{"duration":"00:02:50.3010000","key":"winword.exe"}],' +
        '"sessionId":1,"timeOfDay":"2021-09-01T17:00:00+03:00"}]',
    );
    expect((await send(`/ekranapi/statistics/geturl${window}`)).body).toBe(
      '[{"data":[{"duration":"00:02:50.3010000","key":"example.com"}],"sessionId":1,"timeOfDay":"2021-09-01T17:00:00+03:00"}]',
    );
    expect((await send(`/ekranapi/user/getproductivity${window}`)).body).toBe(
      `[{"date":"2021-09-01T00:00:00+03:00","totalMinutes":${1_070_301 / 60_000},"userName":"ada","timeOfDay":17}]`,
    );
    expect((await post('?sessionCount=1')).body).toBe(
      '{"sessions":[{"duration":"01:00:00.0000000","idleTime":"00:42:09.6990000","productivityTime":"00:17:50.3010000",' +
        '"clientGuid":"m1","clientName":"Machine 1","loginDate":"2021-09-01T17:00:00.000+03:00",' +
        '"logoutDate":"2021-09-01T18:00:00.000+03:00","sessionId":1,"userId":1,"userName":"ada"}]}',
    );
    expect((await send('/ekranapi/clients')).body).toBe(
      '[{"clientGuid":"m1","clientName":"Machine 1"},{"clientGuid":"m2","clientName":"Machine 1"}]',
    );
    expect((await send('/ekranapi/users')).body).toBe(
      '[{"userId":1,"userName":"ada","domain":"","name":"ada"},{"userId":2,"userName":"grace","domain":"","name":"grace"}]',
    );
  });

  it.each(LISTS)('%s requires the scope, accepts only GET and HEAD, and matches case-insensitively', async (path) => {
    await refused(rawRequest(app.url, path), 401);
    await refused(rawRequest(app.url, path, { headers: { ApiKey: await app.key('ingest:write') } }), 403);
    await refused(send(path, 'POST'), 405);
    await refused(send(`${path}?limit=1`), 400, 'limit');
    await refused(send(`${path}/x`), 404);
    const [get, head] = [await send(path.toUpperCase()), await send(path, 'HEAD')];
    expect([get.status, get.type, head.status, head.body]).toEqual([200, 'application/json; charset=utf-8', 200, '']);
  });

  it.each(LISTS.slice(0, 3))('%s parses its window as strictly as the sessions endpoint', async (path) => {
    await refused(send(`${path}?start=2021-02-30`), 400, 'start');
    await refused(send(`${path}?START=2021-04-02&end=2021-04-01`), 400, 'start');
    await refused(send(`${path}?end=2021-04-01&End=2021-04-01`), 400, 'end');
    expect((await send(`${path}?start=2021-09-01T17:05&end=2021-09-01T17:05`)).body).toBe('[]');
  });

  describe('POST /ekranapi/sessions', () => {
    const ids = async (answer: Promise<Awaited<ReturnType<typeof send>>>) =>
      (JSON.parse((await answer).body) as { sessions: { sessionId: number }[] }).sessions.map((s) => s.sessionId);

    it('accepts parameters from the query, from a JSON body, or from both if they are equal', async () => {
      expect(await ids(post('?sessionCount=1&pageIndex=1'))).toEqual([2]);
      expect(await ids(post('', '{"SessionCount":1,"pageIndex":1}'))).toEqual([2]);
      expect(await ids(post('?pageIndex=1', '{"sessionCount":1,"pageIndex":1,"start":"2021-09-01"}'))).toEqual([2]);
      expect(await ids(post('', '{}', { 'Content-Type': 'application/json; charset=UTF-8' }))).toEqual([1, 2]);
      expect(await ids(post('', ''))).toEqual([1, 2]);
      expect(await ids(post('?sessionCount=0'))).toEqual([]);
      expect(await ids(post('?pageIndex=2147483647'))).toEqual([]);
    });

    it('returns the next page in a Link header only', async () => {
      const first = await post('?start=2021-09-01&sessionCount=1');
      const next = /^<(\/ekranapi\/sessions\?.*)>; rel="next"$/.exec(String(first.headers.link))![1]!;
      expect(next).toMatch(/start=2021-08-31T21:00:00.000Z&sessionCount=1&cursor=[\w-]+$/);
      const second = await send(next, 'POST');
      expect([second.headers.link, await ids(Promise.resolve(second))]).toEqual([undefined, [2]]);
    });

    it('refuses a cursor together with a page number, and a cursor of another window', async () => {
      const first = await post('?start=2021-09-01&sessionCount=1');
      const cursor = /cursor=([\w-]+)/.exec(String(first.headers.link))![1]!;
      expect((await post(`?start=2021-09-01&cursor=${cursor}`)).status).toBe(200);
      await refused(post(`?start=2021-09-01&cursor=${cursor}&pageIndex=0`), 400, 'cursor');
      await refused(post(`?start=2021-09-01&cursor=${cursor}`, '{"pageIndex":0}'), 400, 'cursor');
      await refused(post(`?start=2021-08-01&cursor=${cursor}`), 400, 'cursor');
    });

    it.each([
      ['?sessionCount=1001', undefined, 'sessionCount'],
      ['?sessionCount=-1', undefined, 'sessionCount'],
      ['?sessioncount=', undefined, 'sessionCount'],
      ['?pageIndex=1.5', undefined, 'pageIndex'],
      ['?pageIndex=2147483648', undefined, 'pageIndex'],
      ['?cursor=x', undefined, 'cursor'],
      ['?limit=1', undefined, 'limit'],
      ['', '{"sessionCount":1001}', 'sessionCount'],
      ['', '{"sessionCount":"1"}', 'sessionCount'],
      ['', '{"pageIndex":0.5}', 'pageIndex'],
      ['', '{"start":null}', 'start'],
      ['', '{"start":20210401}', 'start'],
      ['', '{"start":""}', 'start'],
      ['', '{"start":"2021-09-01","Start":"2021-09-01"}', 'start'],
      ['', '{"__proto__":1}', '"__proto__"'],
      ['?pageIndex=1', '{"pageIndex":2}', 'pageIndex'],
    ])('refuses %s with the body %s', (query, body, parameter) => refused(post(query, body), 400, parameter));

    it.each([
      [400, '[]', JSON_TYPE],
      [400, '"x"', JSON_TYPE],
      [400, 'null', JSON_TYPE],
      [400, '{', JSON_TYPE],
      [415, '{}', { 'Content-Type': 'text/plain' }],
      [415, '{}', {}],
      [415, '{}', { 'Content-Type': 'application/json; charset=latin1' }],
      [415, '{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }],
      [413, JSON.stringify({ start: 'x'.repeat(17 * 1024) }), JSON_TYPE],
    ])('answers %d to the body %.20s with %j', (status, body, headers) => refused(post('', body, headers), status));
  });
});

/** Sessions of 4 to 40 hours over 100 days on 40 machines, 5 activities each, inserted with SQL. */
async function seed(url: string, sessions: number): Promise<void> {
  await migrate(Object.assign(new AppConfig(), { DATABASE_URL: url }));
  const { dataSource, engine } = await openDataSource(url, 2);
  const sqlite = engine.family === 'sqlite';
  const at = (minutes: string) =>
    sqlite
      ? `strftime('%Y-%m-%d %H:%M:%f', '2021-01-01 00:00:00', '+' || (${minutes}) || ' minutes')`
      : `DATE_ADD('2021-01-01 00:00:00.000', INTERVAL ${minutes} MINUTE)`;
  const digits = `(${Array.from({ length: 10 }, (_, d) => `SELECT ${d} AS d`).join(' UNION ALL ')})`;
  const numbers = `(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS n FROM ${Array.from('abcde', (t) => `${digits} ${t}`).join(', ')})`;
  const text = (prefix: string, n: string) => (sqlite ? `'${prefix}' || (${n})` : `CONCAT('${prefix}', ${n})`);
  const digest = (n: string) => (sqlite ? `CAST(printf('%08d', ${n}) AS BLOB)` : `LPAD(${n}, 8, '0')`);
  const end = at('n * 7 + 240 + n % 37 * 60');
  try {
    await dataSource.query(
      `INSERT INTO clients (guid, name, name_at) SELECT ${text('m', 'n')}, 'm', '2021-01-01 00:00:00.000' FROM ${numbers} x WHERE n < 40 ORDER BY n`,
    );
    await dataSource.query(
      `INSERT INTO users (domain, name) SELECT '', ${text('u', 'n')} FROM ${numbers} x WHERE n < 50 ORDER BY n`,
    );
    await dataSource.query(`INSERT INTO sessions (client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at)
      SELECT 1 + n % 40, 1 + n % 50, ${text('s', 'n')}, ${at('n * 7')}, ${end}, ${end}, ${end} FROM ${numbers} x WHERE n < ${sessions} ORDER BY n`);
    await dataSource.query(`INSERT INTO activities (session_id, at, digest, application, url)
      SELECT s.n + 1, ${at('s.n * 7 + 45 * k.d')}, ${digest('k.d')}, ${text('app', 'k.d')}, 'https://example.com/'
      FROM ${numbers} s, ${digits} k WHERE s.n < ${sessions} AND k.d < 5 ORDER BY s.n, k.d`);
    await dataSource.query(sqlite ? 'ANALYZE' : 'ANALYZE TABLE sessions, activities, clients, users');
  } finally {
    await dataSource.destroy();
  }
}

const DAY = { start: '2021-02-15 00:00:00.000', end: '2021-02-16 00:00:00.000' };
const question = (rowScope: string[] | null) => ({ window: DAY, rowScope });
const never = new AbortController().signal;

async function all<T>(pages: AsyncGenerator<T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

describe.each(engines)('statistics of one day among 20,000 sessions on $name', (engine) => {
  let database: FreshDatabase;
  let app: Awaited<ReturnType<typeof createApp>>;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await seed(database.url, 20_000);
    const settings = { DATABASE_URL: database.url, LOG_LEVEL: 'error', LOST_AFTER: 'off' as const };
    app = await createApp(Object.assign(new AppConfig(), settings));
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  const details = (rowScope: string[] | null, request: object = {}) =>
    all(
      app
        .get(SessionDetailsService)
        .page(
          { window: DAY, sessionCount: 1000, pageIndex: 0, after: null, ...request },
          { rowScope, signal: never, onNext: () => undefined },
        ),
    );

  it('read key ranges: no statement scans sessions, activities or one of their indexes', async () => {
    const snapshots = app.get(Snapshots);
    const open = snapshots.open.bind(snapshots);
    const statements: [string, readonly unknown[]][] = [];
    snapshots.open = async (signal) => {
      const snapshot = await open(signal);
      const recorded: Snapshot = {
        epoch: snapshot.epoch,
        rows: (sql, params = []) => (statements.push([sql, params]), snapshot.rows(sql, params)),
        rawRows: (sql, params = []) => (statements.push([sql, params]), snapshot.rawRows(sql, params)),
        release: () => snapshot.release(),
      };
      return recorded;
    };
    await all(app.get(UsageService).inWindow('application', question(null), never));
    await all(app.get(UsageService).inWindow('site', question(null), never));
    await all(app.get(ProductivityService).inWindow(question(null), never));
    await details(null, { pageIndex: 1, sessionCount: 100 });
    snapshots.open = open;
    const touching = statements.filter(([sql]) => /FROM (sessions|activities)/.test(sql));
    expect(touching.length).toBeGreaterThan(8);
    const snapshot = await open(never);
    const explain =
      engine.url === undefined
        ? 'EXPLAIN QUERY PLAN'
        : engine.name.startsWith('mysql')
          ? 'EXPLAIN FORMAT=TRADITIONAL'
          : 'EXPLAIN';
    for (const [sql, params] of touching) {
      const plan = await snapshot.rows(`${explain} ${sql}`, params);
      // SQLite writes a sentence; servers write `ALL` or `index` into a column whose position depends on the version.
      const scans = plan.filter((row) =>
        engine.url === undefined
          ? /SCAN (sessions|activities|s|a)\b/.test(String(row[3]))
          : ['s', 'a', 'sessions', 'activities'].includes(String(row[2])) &&
            row.slice(3, 5).some((cell) => cell === 'ALL' || cell === 'index'),
      );
      expect([sql, scans]).toEqual([sql, []]);
    }
    await snapshot.release();
  });

  it('show a key limited to some clients nothing of the others', async () => {
    const scope = ['m7', 'nobody'];
    const full = await details(null);
    const mine = full.filter((session) => session.clientGuid === 'm7');
    expect(mine.length).toBeGreaterThan(2);
    expect(await details(scope)).toEqual(mine);
    expect(await details(scope, { pageIndex: 1, sessionCount: 2 })).toEqual(mine.slice(2, 4));
    const ids = new Set(mine.map((session) => session.sessionId));
    for (const kind of ['application', 'site'] as const) {
      const usage = app.get(UsageService);
      const everything = await all(usage.inWindow(kind, question(null), never));
      expect(await all(usage.inWindow(kind, question(scope), never))).toEqual(
        everything.filter((element) => ids.has(element.sessionId)),
      );
    }
    const productive = await all(app.get(ProductivityService).inWindow(question(scope), never));
    const users = new Set(mine.map((session) => session.userName));
    expect(productive.length).toBeGreaterThan(0);
    expect(productive.every(({ userName }) => users.has(userName))).toBe(true);
    const lists = app.get(DirectoryListsService);
    expect(await all(lists.clients(scope, never))).toEqual([{ clientGuid: 'm7', clientName: 'm' }]);
    // Machine n has the users whose number is congruent to n modulo 10.
    expect((await all(lists.users(scope, never))).map(({ name }) => name)).toEqual(['u7', 'u17', 'u27', 'u37', 'u47']);
    expect([await all(lists.users([], never)), await all(lists.clients([], never))]).toEqual([[], []]);
    expect((await all(lists.clients(null, never))).length).toBe(40);
    expect(await all(app.get(ProductivityService).inWindow(question([]), never))).toEqual([]);
  });

  it('measure a session with more activities than fit into one batch', async () => {
    const names = { externalId: 'busy', clientGuid: 'busy', clientName: 'b', userName: 'busy' };
    const times = { loginDate: '2021-02-15T00:00:00Z', logoutDate: '2021-02-15T23:00:00Z' };
    // Twelve activities at each instant, so a page ends between equal instants.
    for (let part = 0; part < 3; part++) {
      const activities = Array.from({ length: 9000 }, (_, i) => ({
        at: new Date(Date.UTC(2021, 1, 15) + Math.floor((part * 9000 + i) / 12) * 24_000).toISOString(),
        application: `app${i % 3}`,
        title: String(i),
      }));
      const [result] = await app.get(IngestionService).ingest([{ value: { ...names, ...times, activities } }], null);
      expect(result?.detail).toBeUndefined();
    }
    // The last activity is at 2249 * 24 s; it times out 15 minutes later.
    const activeMs = 2249 * 24_000 + 15 * 60_000;
    const [busy] = (await details(['busy'])).map(({ productivityTime }) => productivityTime);
    expect(busy).toBe(`${new Date(activeMs).toISOString().slice(11, 23)}0000`);
    const usage = await all(app.get(UsageService).inWindow('application', question(['busy']), never));
    const totalMs = usage
      .flatMap(({ data }) => data)
      .reduce((sum, { duration }) => sum + Date.parse(`1970-01-01T${duration.slice(0, 12)}Z`), 0);
    expect([usage.length, totalMs]).toEqual([16, activeMs]);
    const minutes = await all(app.get(ProductivityService).inWindow(question(['busy']), never));
    expect(minutes.reduce((sum, { totalMinutes }) => sum + totalMinutes, 0)).toBeCloseTo(activeMs / 60_000, 6);
  });
});
