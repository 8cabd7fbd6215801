import { parse } from 'csv-parse/sync';
import { type TestApp, startApp } from '../support/app.js';
import { auditRecords } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const CONCURRENCY = '/api/v1/concurrency';
const OVERLAPS = '/api/v1/overlaps';
const DAY = 'from=2021-04-01&to=2021-04-02';

const session = (
  externalId: string,
  clientGuid: string,
  loginDate: string,
  logoutDate: string | null,
  userName = 'ada',
) => ({
  ...{ externalId, clientGuid, clientName: `name of ${clientGuid}`, userName, userDomain: 'ACME' },
  ...{ loginDate: `2021-04-01T${loginDate}Z`, logoutDate: logoutDate && `2021-04-01T${logoutDate}Z` },
});

interface Problem {
  readonly type: string;
  readonly errors?: { parameter: string; detail: string }[];
}

describe.each(engines)('concurrency and overlaps on $name', (engine) => {
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(
      engine,
      { API_TIME_ZONE: 'Europe/Berlin' },
      { nowMs: () => Date.parse('2021-04-03T00:00:00Z') },
    );
    key = await app.key('sessions:read', 'ingest:write', 'audit:read');
    await ingest(app.url, key, [
      session('a', 'ws-1', '08:00:00', '10:00:00'),
      session('b', 'ws-2', '09:00:00', '09:30:00'),
      session('c', 'ws-3', '09:30:00', '11:00:00'),
      session('d', 'ws-3', '12:00:00', null),
      session('e', 'ws-1', '13:00:00', null),
      session('f', 'ws-1', '13:00:00', '13:00:00', 'grace'),
    ]);
  });
  afterAll(() => app?.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(app.url, path, { headers: { ApiKey: key, ...headers } });
  const json = async (path: string) => JSON.parse((await get(path)).body) as { items: object[]; next: string | null };

  it('counts the sessions of each bucket', async () => {
    const { items, next } = await json(`${CONCURRENCY}?from=2021-04-01T08:30Z&to=2021-04-01T13:00Z&step=PT1H`);
    const rows = items.map((item) => Object.values(item));
    expect(rows).toEqual([
      ['2021-04-01T10:30:00.000+02:00', 1, 1, 0, 0],
      ['2021-04-01T11:00:00.000+02:00', 2, 2, 2, 1],
      ['2021-04-01T12:00:00.000+02:00', 1, 1, 0, 1],
      ['2021-04-01T13:00:00.000+02:00', 0, 0, 0, 1],
      ['2021-04-01T14:00:00.000+02:00', 1, 1, 1, 0],
    ]);
    expect(Object.keys(items[0]!)).toEqual(['start', 'openAtStart', 'peak', 'logins', 'ends']);
    expect(next).toBeNull();
  });

  it('counts a live session in every later bucket, also after now', async () => {
    const { items } = await json(`${CONCURRENCY}?from=2021-04-02&to=2021-04-05&step=1d&groupBy=user`);
    const user = { id: expect.any(Number) as number, name: 'ada', domain: 'ACME' };
    const counts = { openAtStart: 2, peak: 2, logins: 0, ends: 0 };
    expect(items).toEqual(
      ['02', '03', '04'].map((day) => ({ start: `2021-04-${day}T00:00:00.000+02:00`, user, ...counts })),
    );
  });

  it('takes no time for buckets without a session, of which a short request can ask for billions', async () => {
    const window = 'from=1970-01-01&to=9999-12-31&step=1m';
    const { items } = await json(`${CONCURRENCY}?${window}&groupBy=client&limit=2`);
    expect(items).toMatchObject([
      { start: '2021-04-01T10:00:00.000+02:00', client: { guid: 'ws-1' }, logins: 1 },
      { start: '2021-04-01T10:01:00.000+02:00', client: { guid: 'ws-1' }, logins: 0 },
    ]);
    const limited = await app.limitedKey({ scopes: ['sessions:read'], clientGuids: ['ws-2'] });
    const answer = await rawRequest(app.url, `${CONCURRENCY}?${window}&groupBy=user`, { headers: { ApiKey: limited } });
    const page = JSON.parse(answer.body) as { items: object[]; next: string | null };
    expect(page.items).toHaveLength(31);
    expect(page.next).toBeNull();
  }, 10_000);

  it('lists the maximal intervals on several clients, with the sessions that make them', async () => {
    const { items, next } = await json(OVERLAPS);
    const user = { id: expect.any(Number) as number, name: 'ada', domain: 'ACME' };
    const made = (guid: string, login: string, logout: string | null) => ({
      sessionId: expect.any(Number) as number,
      client: { guid, name: `name of ${guid}` },
      loginDate: `2021-04-01T${login}:00.000+02:00`,
      logoutDate: logout && `2021-04-01T${logout}:00.000+02:00`,
    });
    expect(items).toEqual([
      {
        ...{ user, start: '2021-04-01T11:00:00.000+02:00', end: '2021-04-01T12:00:00.000+02:00', sessionCount: 3 },
        sessions: [made('ws-1', '10:00', '12:00'), made('ws-2', '11:00', '11:30'), made('ws-3', '11:30', '13:00')],
      },
      {
        ...{ user, start: '2021-04-01T15:00:00.000+02:00', end: null, sessionCount: 2 },
        sessions: [made('ws-3', '14:00', null), made('ws-1', '15:00', null)],
      },
    ]);
    expect(next).toBeNull();
    expect((await json(`${OVERLAPS}?minClients=3`)).items).toEqual([]);
  });

  it('leads from page to page with Link and next', async () => {
    for (const path of [`${CONCURRENCY}?${DAY}&groupBy=client&step=6h&limit=2`, `${OVERLAPS}?limit=1`]) {
      const whole = await json(path.replace(/limit=\d/, 'limit=1000'));
      const items: object[] = [];
      for (let next: string | undefined = path; next;) {
        const { headers, body } = await get(next);
        const page = JSON.parse(body) as { items: object[]; next: string | null };
        items.push(...page.items);
        next = /^<(.*)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1];
        expect(next?.includes(`cursor=${page.next}`) ?? null).toBe(page.next === null ? null : true);
      }
      expect(items).toEqual(whole.items);
      expect(items.length).toBeGreaterThan(1);
    }
  });

  it('answers everything as NDJSON and as CSV', async () => {
    const questions = [`${CONCURRENCY}?${DAY}&step=6h`, `${CONCURRENCY}?${DAY}&step=6h&groupBy=client`, `${OVERLAPS}?`];
    for (const path of questions) {
      const { items } = await json(path);
      const lines = await get(path, { Accept: 'application/x-ndjson' });
      expect(lines.type).toBe('application/x-ndjson; charset=utf-8');
      expect(lines.body).toBe(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
      const { body } = await get(path, { Accept: 'text/csv' });
      const rows = parse(body, { columns: true }) as { start: string }[];
      expect(rows.map(({ start }) => start)).toEqual((items as { start: string }[]).map(({ start }) => start));
      expect((await get(`${path}&limit=1`, { Accept: 'text/csv' })).status).toBe(400);
    }
    const byUser = await get(`${CONCURRENCY}?${DAY}&step=1d&groupBy=user`, { Accept: 'text/csv' });
    const withoutQuotes = (body: string) => body.replaceAll('"', '').split('\r\n');
    expect(withoutQuotes(byUser.body).slice(0, 2)).toEqual([
      'start,userId,userName,userDomain,openAtStart,peak,logins,ends',
      expect.stringMatching(/^2021-04-01T00:00:00\.000\+02:00,\d,ada,ACME,0,2,5,3$/),
    ]);
    const overlaps = await get(OVERLAPS, { Accept: 'text/csv' });
    const rows = withoutQuotes(overlaps.body);
    expect(rows.map((row) => row.replace(/\d+(?= \d)|(?<= )\d+|^\d+/g, 'N'))).toEqual([
      'userId,userName,userDomain,start,end,sessionCount,sessionIds,clientGuids',
      'N,ada,ACME,2021-04-01T11:00:00.000+02:00,2021-04-01T12:00:00.000+02:00,3,N N N,ws-1 ws-2 ws-3',
      'N,ada,ACME,2021-04-01T15:00:00.000+02:00,,2,N N,ws-3 ws-1',
      '',
    ]);
  });

  it.each([
    ['from', CONCURRENCY],
    ['to', `${CONCURRENCY}?from=2021-04-01`],
    ['from', `${CONCURRENCY}?from=2021-04-02&to=2021-04-01`],
    ['from', `${CONCURRENCY}?from=&to=2021-04-01`],
    ['from', `${CONCURRENCY}?from=2021-02-30&to=2021-04-01`],
    ['to', `${CONCURRENCY}?from=2021-04-01&to=2021-04-02&to=2021-04-02`],
    ['step', `${CONCURRENCY}?${DAY}&step=7m`],
    ['step', `${CONCURRENCY}?${DAY}&step=`],
    ['groupBy', `${CONCURRENCY}?${DAY}&groupBy=machine`],
    ['limit', `${CONCURRENCY}?${DAY}&limit=10001`],
    ['limit', `${CONCURRENCY}?${DAY}&limit=0`],
    ['user', `${CONCURRENCY}?${DAY}&user=ada`],
    ['cursor', `${CONCURRENCY}?${DAY}&cursor=x`],
    ['from', `${OVERLAPS}?from=2021-04-02&to=2021-04-01`],
    ['minClients', `${OVERLAPS}?minClients=1`],
    ['minClients', `${OVERLAPS}?minClients=two`],
    ['limit', `${OVERLAPS}?limit=1001`],
    ['start', `${OVERLAPS}?start=2021-04-01`],
    ['cursor', `${OVERLAPS}?cursor=`],
  ])('names the parameter %s of %s', async (parameter, path) => {
    const { status, body } = await get(path);
    const { type, errors } = JSON.parse(body) as Problem;
    expect([status, type]).toEqual([400, 'urn:session-audit:problem:invalid-parameter']);
    expect(errors!.map((error) => error.parameter)).toContain(parameter);
  });

  it('refuses a cursor of another list or of another filter', async () => {
    const { next: ofSeries } = await json(`${CONCURRENCY}?${DAY}&limit=1`);
    const { next: ofOverlaps } = await json(`${OVERLAPS}?limit=1`);
    for (const path of [
      `${CONCURRENCY}?${DAY}&step=1d&cursor=${ofSeries}`,
      `${CONCURRENCY}?from=2021-04-01&to=2021-04-03&cursor=${ofSeries}`,
      `${CONCURRENCY}?${DAY}&cursor=${ofOverlaps}`,
      `${OVERLAPS}?minClients=3&cursor=${ofOverlaps}`,
      `${OVERLAPS}?cursor=${ofSeries}`,
    ])
      expect((await get(path)).status).toBe(400);
    expect((await get(`${CONCURRENCY}?${DAY}&cursor=${ofSeries}`)).status).toBe(200);
  });

  it('records the filter as it was understood', async () => {
    await get(`${CONCURRENCY}?${DAY}&step=PT60M&groupBy=user`);
    await get(`${OVERLAPS}?from=2021-04-01&minClients=3`);
    const last = async (action: string) => {
      const records = await auditRecords(app.url, key, `?action=${action}`);
      return JSON.parse(records.filter(({ filter }) => filter !== null).at(-1)!.filter!) as object;
    };
    const range = { from: '2021-03-31 22:00:00.000', to: '2021-04-01 22:00:00.000' };
    expect(await last('concurrency.read')).toMatchObject({ ...range, step: '1h', groupBy: 'user' });
    expect(await last('overlaps.read')).toMatchObject({ from: range.from, minClients: 3 });
  });
});
