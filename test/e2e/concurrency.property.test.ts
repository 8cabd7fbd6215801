import fc from 'fast-check';
import { type TestApp, startApp } from '../support/app.js';
import {
  type ModelRules,
  type ModelSession,
  STEPS,
  type StepName,
  bucketsOf,
  countsIn,
  dateTime,
  overlapsOf,
} from '../support/concurrency-model.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Cases around a clock change of the zone, or around a midnight. */
const SETTINGS = [
  { zone: 'UTC', base: '2021-03-01T00:00:00Z', lost: 2 * HOUR },
  { zone: 'Asia/Kathmandu', base: '2021-03-31T18:15:00Z', lost: null },
  { zone: 'America/New_York', base: '2021-03-14T07:00:00Z', lost: 26 * HOUR },
  { zone: 'America/New_York', base: '2021-11-07T06:00:00Z', lost: null },
  // Back by half an hour, then forward by half an hour.
  { zone: 'Australia/Lord_Howe', base: '2021-04-03T15:00:00Z', lost: null },
  { zone: 'Australia/Lord_Howe', base: '2021-10-02T15:30:00Z', lost: 2 * HOUR },
  // Midnight is skipped; in February, 23:00 to 24:00 occurs twice.
  { zone: 'America/Sao_Paulo', base: '2018-11-04T03:00:00Z', lost: null },
  { zone: 'America/Sao_Paulo', base: '2018-02-18T02:00:00Z', lost: null },
];
/** Rounds of questions per setting; a long run sets another number, and a seed to repeat it. */
const ROUNDS = Number(process.env.PROPERTY_ROUNDS ?? 6);
const SEED = process.env.PROPERTY_SEED === undefined ? undefined : Number(process.env.PROPERTY_SEED);
const MAX_SESSIONS = 120;

/** Few instants, so that bounds of sessions, buckets and windows collide. */
const offsets = [
  ...[-40 * DAY, -2 * DAY, -26 * HOUR, -3 * HOUR, -HOUR, -HOUR + 1, -31 * MINUTE, -15 * MINUTE, -1],
  ...[0, 1, MINUTE, 15 * MINUTE - 1, 15 * MINUTE, 30 * MINUTE, HOUR - 1, HOUR, 2 * HOUR, 150 * MINUTE, 5 * HOUR],
  ...[23 * HOUR, DAY, 25 * HOUR, 8 * DAY, 45 * DAY],
];
const anOffset = fc.constantFrom(...offsets);
const aSession = fc.record({
  login: anOffset,
  length: fc.option(fc.constantFrom(0, 1, 15 * MINUTE, HOUR, HOUR, 3 * HOUR, 26 * HOUR, 90 * DAY), { freq: 6 }),
  lastSeen: fc.option(anOffset),
  client: fc.constantFrom('m1', 'm2', 'm3', 'm4'),
  user: fc.constantFrom('ada', 'grace', 'edsger'),
});
const aRange = fc.tuple(anOffset, anOffset).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const aLimit = fc.option(fc.constantFrom(1, 2, 3, 7));
const aScope = fc.constantFrom<readonly string[] | null>(null, null, ['m1', 'm3'], ['m2']);
const aSeriesQuestion = fc.record({
  range: aRange,
  step: fc.constantFrom(...(Object.keys(STEPS) as StepName[])),
  groupBy: fc.constantFrom(undefined, 'client', 'user'),
  limit: aLimit,
  scope: aScope,
});
const anOverlapQuestion = fc.record({
  range: fc
    .tuple(aRange, fc.boolean(), fc.boolean())
    .map(([[a, b], from, to]) => [from ? a : null, to ? b : null] as const),
  minClients: fc.constantFrom(undefined, 2, 2, 3, 4),
  limit: aLimit,
  scope: aScope,
});

const iso = (ms: number) => new Date(ms).toISOString();

interface Page {
  readonly items: unknown[];
  readonly next: string | null;
}

describe.each(
  engines.flatMap((engine) => SETTINGS.map((s) => ({ engine, ...s, name: `${s.zone} ${s.base} on ${engine.name}` }))),
)('against a brute-force model around $name', ({ engine, zone, base: baseText, lost }) => {
  const base = Date.parse(baseText);
  const rules: ModelRules = { zone, now: base + 4 * HOUR, lostAfter: lost };
  const sessions: ModelSession[] = [];
  const keys = new Map<string, string>();
  let app: TestApp;
  let userIds: Map<string, number>;

  beforeAll(async () => {
    const settings = { API_TIME_ZONE: zone, LOST_AFTER: lost ?? ('off' as const), RATE_LIMIT: 'off' as const };
    app = await startApp(engine, settings, { nowMs: () => rules.now });
    keys.set('null', await app.key('sessions:read', 'ingest:write'));
    for (const clientGuids of [['m1', 'm3'], ['m2']])
      keys.set(String(clientGuids), await app.limitedKey({ scopes: ['sessions:read'], clientGuids }));
  });
  afterAll(() => app?.close());

  const get = async (path: string, scope: readonly string[] | null) => {
    const answer = await fetch(app.url + path, { headers: { ApiKey: keys.get(String(scope))! } });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Page;
  };

  /** All pages, each of which has at most `limit` items. */
  const walk = async (path: string, scope: readonly string[] | null, limit: number) => {
    const items: unknown[] = [];
    let page: Page = { items: [], next: null };
    do {
      const cursor = page.next === null ? '' : `&cursor=${page.next}`;
      page = await get(`${path}&limit=${limit}${cursor}`, scope);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      items.push(...page.items);
    } while (page.next !== null);
    return items;
  };

  /** The same as a file. */
  const file = async (path: string, scope: readonly string[] | null) => {
    const headers = { ApiKey: keys.get(String(scope))!, Accept: 'application/x-ndjson' };
    const lines = (await (await fetch(app.url + path, { headers })).text()).split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as unknown);
  };

  const add = async (added: readonly (typeof aSession extends fc.Arbitrary<infer T> ? T : never)[]) => {
    const records = added.map(({ login, length, lastSeen, client, user }, i) => ({
      ...{ externalId: `s${sessions.length + i}`, clientGuid: client, clientName: `name of ${client}`, userName: user },
      ...{ loginDate: iso(base + login), logoutDate: length === null ? null : iso(base + login + length) },
      ...(lastSeen !== null && { lastSeen: iso(base + lastSeen) }),
    }));
    const { results } = await ingest(app.url, keys.get('null')!, records);
    results.forEach(({ sessionId, status, detail }, i) => {
      if (status === 'rejected') throw new Error(detail);
      const { login, length, lastSeen, client, user } = added[i]!;
      const seen = Math.max(login, lastSeen ?? login);
      const logout = length === null ? null : base + login + length;
      sessions.push({ id: sessionId, client, user, login: base + login, logout, lastSeen: base + seen });
    });
    const users = (await get('/ekranapi/users', null)) as unknown as { userId: number; name: string }[];
    userIds = new Map(users.map(({ userId, name }) => [name, userId]));
  };

  const visible = (scope: readonly string[] | null) =>
    sessions.filter(({ client }) => scope === null || scope.includes(client));
  const userOf = (name: string) => ({ id: userIds.get(name), name, domain: '' });
  const clientOf = (guid: string) => ({ guid, name: `name of ${guid}` });

  const expectedSeries = (seen: ModelSession[], from: number, to: number, step: StepName, groupBy?: string) => {
    const groups = {
      client: ['m1', 'm2', 'm3', 'm4'].map((guid) => ({
        item: { client: clientOf(guid) },
        of: seen.filter((s) => s.client === guid),
      })),
      user: [...userIds]
        .sort(([, a], [, b]) => a - b)
        .map(([name]) => ({ item: { user: userOf(name) }, of: seen.filter((s) => s.user === name) })),
      all: [{ item: {}, of: seen }],
    }[groupBy ?? 'all']!;
    return bucketsOf(from, to, step, zone).flatMap((bucket) =>
      groups
        .map(({ item, of }) => ({ start: dateTime(bucket[0], zone), ...item, ...countsIn(of, bucket, rules) }))
        .filter(({ openAtStart, logins, ends }) => groupBy === undefined || openAtStart + logins + ends > 0),
    );
  };

  const expectedOverlaps = (seen: ModelSession[], from: number | null, to: number | null, minClients = 2) => {
    const byId = new Map(seen.map((session) => [session.id, session]));
    return [...userIds]
      .flatMap(([user, id]) =>
        overlapsOf(
          seen.filter((s) => s.user === user),
          from,
          to,
          minClients,
          rules,
        ).map((overlap) => ({ ...overlap, user, id })),
      )
      .sort((a, b) => a.start - b.start || a.id - b.id)
      .map(({ user, start, end, sessionIds }) => ({
        ...{ user: userOf(user), start: dateTime(start, zone), end: end === null ? null : dateTime(end, zone) },
        sessionIds,
        clients: sessionIds.map((id) => clientOf(byId.get(id)!.client)),
      }));
  };

  it('counts and finds exactly what the contract specifies, in one page and in many', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aSession, { minLength: 4, maxLength: 12 }),
        fc.array(aSeriesQuestion, { minLength: 4, maxLength: 4 }),
        fc.array(anOverlapQuestion, { minLength: 4, maxLength: 4 }),
        async (added, seriesQuestions, overlapQuestions) => {
          if (sessions.length < MAX_SESSIONS) await add(added);
          if (sessions.length % 3 === 0) await app.markLost();
          for (const { range, step, groupBy, limit, scope } of seriesQuestions) {
            const [from, to] = range.map((offset) => base + offset) as [number, number];
            const length = STEPS[step];
            const chosen = typeof length === 'number' && (to - from) / length > 400 ? '1d' : step;
            const expected = expectedSeries(visible(scope), from, to, chosen, groupBy);
            const path = `/api/v1/concurrency?from=${iso(from)}&to=${iso(to)}&step=${chosen}${groupBy ? `&groupBy=${groupBy}` : ''}`;
            const pageSize = limit === null ? 10_000 : Math.max(limit, Math.ceil(expected.length / 5));
            expect({ path, items: await walk(path, scope, pageSize) }).toEqual({ path, items: expected });
            if (limit === 1) expect({ path, items: await file(path, scope) }).toEqual({ path, items: expected });
          }
          for (const { range, minClients, limit, scope } of overlapQuestions) {
            const [from, to] = range.map((offset) => (offset === null ? null : base + offset));
            const expected = expectedOverlaps(visible(scope), from!, to!, minClients);
            const bounds = { ...(from !== null && { from: iso(from!) }), ...(to !== null && { to: iso(to!) }) };
            const path = `/api/v1/overlaps?${new URLSearchParams({ ...bounds, ...(minClients && { minClients: String(minClients) }) })}`;
            const items = (await walk(
              path,
              scope,
              limit === null ? 100 : Math.max(limit, Math.ceil(expected.length / 6)),
            )) as {
              sessions: { sessionId: number; client: object }[];
              sessionCount: number;
            }[];
            if (limit === 1) expect(await file(path, scope)).toEqual(items);
            const seen = items.map(({ sessions: made, sessionCount, ...rest }) => {
              expect(sessionCount).toBe(made.length);
              return { ...rest, sessionIds: made.map((s) => s.sessionId), clients: made.map(({ client }) => client) };
            });
            expect({ path, items: seen }).toEqual({ path, items: expected });
          }
        },
      ),
      { numRuns: ROUNDS, endOnFailure: true, ...(SEED !== undefined && { seed: SEED }) },
    );
  }, 3_600_000);
});
