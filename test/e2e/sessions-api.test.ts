import { type TestApp, startApp } from '../support/app.js';
import { auditRecords, pollUntil } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const LIST = '/api/v1/sessions';
const DAY = 'from=2021-04-01T00:00:00Z&to=2021-04-02T00:00:00Z';

const session = (n: number, more: object = {}) => ({
  ...{
    externalId: `s${n}`,
    clientGuid: `m${n % 3}`,
    clientName: `=machine ${n % 3}`,
    userName: 'ada',
    userDomain: 'ACME',
  },
  loginDate: `2021-04-01T${String(n % 24).padStart(2, '0')}:00:00Z`,
  logoutDate: `2021-04-01T${String(n % 24).padStart(2, '0')}:30:00.250Z`,
  ...more,
});

interface Answer {
  readonly items: { sessionId: number }[];
  readonly next: string | null;
  readonly total?: number;
}

describe.each(engines)('the lists of sessions on $name', (engine) => {
  let app: TestApp;
  let key: string;
  let ids: number[];

  beforeAll(async () => {
    app = await startApp(engine);
    key = await app.key('sessions:read', 'activities:read', 'audit:read');
    const activities = [
      {
        at: '2021-04-01T00:10:00Z',
        application: 'editor',
        title: '=cmd|x',
        url: 'https://example.com/a',
        keystrokes: 'a\r\n"b"',
      },
      { at: '2021-04-01T00:10:00Z', application: 'editor', title: 'Report' },
      { at: '2021-04-01T00:20:00Z', application: 'shell', kind: 'command' },
      { at: '2021-04-01T05:00:00Z', application: 'late' },
    ];
    const records = Array.from({ length: 24 }, (_, n) => session(n, n === 0 ? { activities } : {}));
    const { results } = await ingest(app.url, await app.key('ingest:write'), records);
    ids = results.map(({ sessionId }) => sessionId);
  });
  afterAll(() => app?.close());

  const get = (path: string, headers: Record<string, string> = {}, as = key) =>
    rawRequest(app.url, path, { headers: { ApiKey: as, ...headers } });
  const json = async <T = Answer>(path: string) => {
    const answer = await get(path);
    expect([answer.status, answer.body.slice(0, 200)]).toEqual([200, expect.any(String)]);
    return JSON.parse(answer.body) as T;
  };

  it.each(['asc', 'desc'])('lead from page to page through Link, in %s order', async (order) => {
    const seen: number[] = [];
    let path: string | undefined = `${LIST}?${DAY}&order=${order}&limit=7`;
    while (path) {
      const answer = await get(path);
      const { items, next } = JSON.parse(answer.body) as Answer;
      seen.push(...items.map(({ sessionId }) => sessionId));
      const link: string | undefined = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers['link'] ?? ''))?.[1];
      expect(link !== undefined).toBe(next !== null);
      path = link;
    }
    expect(seen).toEqual(order === 'asc' ? ids : [...ids].reverse());
  });

  it('refuse a cursor with another filter, order or list', async () => {
    const { next } = await json(`${LIST}?${DAY}&limit=1`);
    for (const query of [`limit=1`, `${DAY}&order=desc`, `${DAY}&client=m0`]) {
      const answer = await get(`${LIST}?${query}&cursor=${next}`);
      expect([answer.status, answer.body]).toEqual([
        400,
        expect.stringContaining('belongs to a list with another filter'),
      ]);
    }
    expect((await get(`${LIST}/${ids[0]}/activities?cursor=${next}`)).body).toContain('is not a cursor of this list');
    expect((await json(`${LIST}?${DAY}&limit=2&cursor=${next}`)).items.length).toBe(2);
  });

  it('repeat and miss nothing when sessions are added between two pages', async () => {
    const query = `${DAY}&user=late&limit=2`;
    const writer = await app.key('ingest:write');
    const late = (n: number) => session(n, { externalId: `late${n}`, userName: 'late' });
    await ingest(app.url, writer, [late(2), late(4), late(6)]);
    const first = await json(`${LIST}?${query}`);
    await ingest(app.url, writer, [late(1), late(5)]);
    const second = await json(`${LIST}?${query}&cursor=${first.next}`);
    const hours = [...first.items, ...second.items].map(
      (item) => (item as unknown as { externalId: string }).externalId,
    );
    expect(hours).toEqual(['late2', 'late4', 'late5', 'late6']);
  });

  it.each([
    ['from=2021-02-30', 'from'],
    ['from=', 'from'],
    ['from=2021-04-02&to=2021-04-01', 'from'],
    ['to=yesterday', 'to'],
    ['activeAt=x', 'activeAt'],
    [`activeAt=2021-04-01&${DAY}`, 'activeAt'],
    ['client=', 'client'],
    ['client=a%20b', 'client'],
    [`client=${'x'.repeat(65)}`, 'client'],
    [Array.from({ length: 101 }, (_, i) => `client=${i}`).join('&'), 'client'],
    ['clientName=', 'clientName'],
    ['user=', 'user'],
    ['user=ACME%5C', 'user'],
    ['userId=0', 'userId'],
    ['userId=1.5', 'userId'],
    ['userId=1&userId=x', 'userId'],
    ['userId=2147483648', 'userId'],
    ['state=open', 'state'],
    ['state=live,ended', 'state'],
    ['logonType=ssh', 'logonType'],
    ['remoteAddress=10.0.0', 'remoteAddress'],
    ['remoteAddress=10.0.0.0/33', 'remoteAddress'],
    ['remoteAddress=host', 'remoteAddress'],
    ['minDuration=8', 'minDuration'],
    ['minDuration=P1Y', 'minDuration'],
    ['minDuration=PT', 'minDuration'],
    ['maxDuration=-1h', 'maxDuration'],
    ['minDuration=2h&maxDuration=90m', 'minDuration'],
    ['text=report', 'text'],
    [`${DAY}&text=x`, 'text'],
    ['application=editor', 'application'],
    ['activeAt=2021-04-01&application=editor', 'application'],
    ['order=up', 'order'],
    ['order=asc&order=asc', 'order'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['count=yes', 'count'],
    ['cursor=abc', 'cursor'],
    ['start=2021-04-01', 'start'],
    ['Client=m0&foo=1', 'foo'],
  ])('refuse %s and name the parameter', async (query, parameter) => {
    const answer = await get(`${LIST}?${query}`);
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json; charset=utf-8']);
    const { errors } = JSON.parse(answer.body) as { errors: { parameter: string; detail: string }[] };
    expect(errors.map((error) => error.parameter)).toEqual([parameter]);
    expect(errors[0]!.detail).toMatch(/must|is|cannot|needs|belongs/);
  });

  it('say why text needs a window', async () => {
    expect((await get(`${LIST}?text=report`)).body).toContain('without a window every activity');
  });

  it('need activities:read for text and application, and for activities', async () => {
    const reader = await app.key('sessions:read');
    for (const path of [
      `${LIST}?${DAY}&text=report`,
      `${LIST}?${DAY}&application=editor`,
      `${LIST}/${ids[0]}/activities`,
    ]) {
      const answer = await get(path, {}, reader);
      expect([answer.status, answer.body]).toEqual([403, expect.stringContaining('activities:read')]);
    }
    expect((await get(`${LIST}/${ids[0]}`, {}, reader)).status).toBe(200);
  });

  it('describe one session with its activities and times', async () => {
    expect(await json(`${LIST}/${ids[0]}`)).toEqual({
      ...{ sessionId: ids[0], externalId: 's0', version: 1, state: 'ended' },
      client: { guid: 'm0', name: '=machine 0' },
      user: { id: expect.any(Number) as number, name: 'ada', domain: 'ACME' },
      ...{
        loginDate: '2021-04-01T00:00:00.000+00:00',
        logoutDate: '2021-04-01T00:30:00.250+00:00',
        endEstimated: false,
      },
      ...{ lastSeen: '2021-04-01T05:00:00.000+00:00', durationSeconds: 1800.25 },
      ...{ remoteAddress: null, remoteHost: null, logonType: null, terminal: null },
      ...{
        activities: 4,
        firstActivity: '2021-04-01T00:10:00.000+00:00',
        lastActivity: '2021-04-01T05:00:00.000+00:00',
      },
      ...{ activeSeconds: 1200.25, idleSeconds: 600 },
    });
  });

  it.each([
    ['', ['editor', 'editor', 'shell', 'late']],
    ['order=desc', ['late', 'shell', 'editor', 'editor']],
    ['from=2021-04-01T00:20:00Z', ['shell', 'late']],
    ['to=2021-04-01T00:20:00Z', ['editor', 'editor']],
    ['application=shell', ['shell']],
    ['text=REPORT', ['editor']],
    ['text=example.COM', ['editor']],
    ['application=shell&text=report', []],
  ])('list the activities of a session with %j', async (query, applications) => {
    const found: unknown[] = [];
    for (let next: string | null = ''; next !== null;) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const page: { items: { application: string }[]; next: string | null } = await json(
        `${LIST}/${ids[0]}/activities?limit=1&${query}${cursor}`,
      );
      found.push(...page.items.map(({ application }) => application));
      ({ next } = page);
    }
    expect(found).toEqual(applications);
    const counted = await json(`${LIST}/${ids[0]}/activities?count=exact&${query}`);
    expect(counted.total).toBe(applications.length);
  });

  it('answer 404 alike for an id that does not exist and one that the key may not see', async () => {
    const limited = await app.limitedKey({ scopes: ['sessions:read', 'activities:read'], clientGuids: ['m1'] });
    for (const rest of ['', '/activities']) {
      const [foreign, missing] = [
        await get(`${LIST}/${ids[0]}${rest}`, {}, limited),
        await get(`${LIST}/999999${rest}`, {}, limited),
      ];
      const comparable = ({ status, body }: typeof foreign) => [
        status,
        body.replace(/"(instance|requestId)":"[^"]*"/g, ''),
      ];
      expect(comparable(foreign)).toEqual(comparable(missing));
      expect([foreign.status, missing.type]).toEqual([404, 'application/problem+json; charset=utf-8']);
      expect((await get(`${LIST}/${ids[1]}${rest}`, {}, limited)).status).toBe(200);
    }
  });

  it.each(['0', '-1', 'x', '1.5', '01', '2147483648', '99999999999'])('refuse the id %s', async (id) => {
    const answer = await get(`${LIST}/${id}`);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('sessionId: must be a whole number')]);
  });

  it('give NDJSON and CSV of everything that matches, safe against formulas', async () => {
    const { items } = await json(`${LIST}?${DAY}&user=ACME%5Cada&limit=1000`);
    const lines = (await get(`${LIST}?${DAY}&user=ACME%5Cada`, { Accept: 'application/x-ndjson' })).body;
    expect(
      lines
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(items);
    const csv = (await get(`${LIST}?${DAY}&user=ACME%5Cada`, { Accept: 'text/csv' })).body.split('\r\n');
    expect(
      csv[0]!
        .split(',')
        .slice(0, 4)
        .map((cell) => cell.replaceAll('"', '')),
    ).toEqual(['sessionId', 'externalId', 'state', 'clientGuid']);
    expect(csv).toHaveLength(items.length + 2);
    expect(csv[1]).toContain("'=machine 0");
    const activities = (await get(`${LIST}/${ids[0]}/activities`, { Accept: 'text/csv' })).body;
    expect(activities).toContain("'=cmd|x");
    expect(activities).toContain('"a\r\n""b"""');
  });

  it('refuse paging of files, and other types', async () => {
    const paged = await get(`${LIST}?limit=5`, { Accept: 'text/csv' });
    expect([paged.status, paged.body]).toEqual([400, expect.stringContaining('limit: is for pages')]);
    expect((await get(LIST, { Accept: 'application/pdf' })).status).toBe(406);
  });

  it('record the filter as it was understood', async () => {
    await get(`${LIST}?from=2021-04-01&client=m1&client=m0&user=ada&minDuration=PT1M`, {
      'X-Request-Id': 'understood-1',
    });
    const recorded = () => auditRecords(app.url, key, '?action=sessions.list');
    const isComplete = (records: { requestId: string | null }[]) =>
      records.filter(({ requestId }) => requestId === 'understood-1').length === 2;
    const records = await pollUntil(recorded, isComplete);
    const [request, outcome] = records.filter(({ requestId }) => requestId === 'understood-1');
    expect(JSON.parse(request!.filter)).toEqual({
      ...{ from: '2021-04-01 00:00:00.000', client: ['m0', 'm1'], user: ['ada'], minDurationMs: 60_000 },
      ...{ order: 'asc', format: 'json' },
    });
    expect([outcome!.kind, outcome!.rows]).toEqual(['outcome', 16]);
  });
});
