import fc from 'fast-check';
import { TIMELINE_LIMITS } from '../../src/modules/sessions/timeline/timeline-limits.js';
import { Clock } from '../../src/platform/time/clock.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';
import { type Question, type SearchedSession, expectedSessions } from '../support/search-model.js';
import { LOST_AFTER, NOW, aQuestion, aSession } from '../support/search-questions.js';
import { rawQuery, record } from '../support/search-records.js';
import { modelBars, modelDensity } from '../support/timeline-model.js';

/** Questions of each engine and setting; a long run sets QUESTIONS=5000. */
const QUESTIONS = Number(process.env['QUESTIONS'] ?? 150);
const SESSIONS = 150;
/** With low limits, few sessions take the ways of many. */
const LIMITS = {
  'usual limits': { ...TIMELINE_LIMITS },
  'low limits': { entries: 5, tableRows: 3, owners: 2, examined: 3, sessions: 4, counted: 5, sampledBuckets: 3 },
};

class TestClock extends Clock {
  now = NOW - 24 * 3_600_000;

  override nowMs() {
    return this.now;
  }
}

interface BarItem {
  readonly start: string;
  readonly end: string | null;
  readonly sessions: number;
  readonly state: string;
  readonly sessionId?: number;
  readonly clippedStart?: true;
  readonly clippedEnd?: true;
  readonly endEstimated?: true;
}

interface Row {
  readonly client?: { guid: string; name: string };
  readonly user?: { id: number; name: string; domain: string };
  readonly bars: BarItem[];
  readonly bucketSeconds?: number;
}

interface Page {
  readonly bucketSeconds: number;
  readonly items: Row[];
  readonly next: string | null;
  readonly total?: number;
}

interface Density {
  readonly bucketSeconds: number;
  readonly sampled: boolean;
  readonly items: {
    readonly start: string;
    readonly openAtStart: number;
    readonly peak?: number;
    readonly sampledPeak?: number;
    readonly logins?: number;
  }[];
}

type Window = Question & { readonly from: number; readonly to: number };

const iso = (ms: number) => new Date(ms).toISOString();
const byCode = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const cases = engines.flatMap((engine) =>
  (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).map((limits) => ({ engine, limits, name: engine.name })),
);

describe.each(cases)('the timeline against a brute-force model on $name with $limits', ({ engine, limits }) => {
  let app: TestApp;
  const clock = new TestClock();
  const keys: { key: string; scope: readonly string[] | null }[] = [];
  const stored: SearchedSession[] = [];
  let writer: string;

  const add = async (count: number) => {
    const sessions = fc.sample(aSession, count);
    const { results } = await ingest(app.url, writer, sessions.map(record));
    const answer = await fetch(`${app.url}/api/v1/sessions?limit=1000`, { headers: { ApiKey: keys[0]!.key } });
    const { items } = (await answer.json()) as { items: { sessionId: number; user: { id: number } }[] };
    sessions.forEach((session, i) => {
      const { sessionId: id, externalId } = results[i]!;
      stored.push({ ...session, id, externalId, userId: items.find((item) => item.sessionId === id)!.user.id });
    });
  };

  beforeAll(async () => {
    Object.assign(TIMELINE_LIMITS, LIMITS[limits]);
    app = await startApp(engine, { API_TIME_ZONE: 'Europe/Berlin', LOST_AFTER, RATE_LIMIT: 'off' }, clock);
    for (const scope of [null, ['m1', 'm3']])
      keys.push({ key: await app.limitedKey({ scopes: ['sessions:read'], clientGuids: scope }), scope });
    writer = await app.key('ingest:write');
    await add(SESSIONS);
    clock.now = NOW;
  });
  afterAll(async () => {
    Object.assign(TIMELINE_LIMITS, LIMITS['usual limits']);
    await app?.close();
  });

  const ask = async (what: string, query: URLSearchParams, key: string): Promise<unknown> => {
    const answer = await fetch(`${app.url}/api/v1/timeline/${what}?${rawQuery(query)}`, { headers: { ApiKey: key } });
    const body = await answer.text();
    if (answer.status !== 200) throw new Error(`${answer.status} ${body}`);
    return JSON.parse(body);
  };
  const get = (query: URLSearchParams, key: string) => ask('rows', query, key) as Promise<Page>;

  /** All rows, page after page: by cursor, or by the number of rows before the page. */
  const walk = async (query: URLSearchParams, key: string, how: 'cursor' | 'offset') => {
    const pages: Page[] = [];
    const page = new URLSearchParams(query);
    if (how === 'offset') page.set('offset', '0');
    for (let offset = 0; ;) {
      const answer = await get(page, key);
      pages.push(answer);
      offset += answer.items.length;
      if (answer.next === null)
        return { rows: pages.flatMap(({ items }) => items), bucketSeconds: pages[0]!.bucketSeconds };
      page.set(how, how === 'cursor' ? answer.next : String(offset));
    }
  };

  const aView = fc.record({
    question: aQuestion([1, 2, 3], false).filter((q): q is Window => q.from !== undefined && q.to !== undefined),
    width: fc.constantFrom(1, 2, 3, 5, 8, 20, 1600),
    groupBy: fc.constantFrom('client' as const, 'user' as const),
    empty: fc.boolean(),
    limit: fc.constantFrom(1, 2, 3, 100),
    how: fc.constantFrom('cursor' as const, 'offset' as const),
    who: fc.constantFrom(0, 0, 1),
  });

  it(`draws ${QUESTIONS} random views`, async () => {
    let drawn = 0;
    await fc.assert(
      fc.asyncProperty(aView, async ({ question, width, groupBy, empty, limit, how, who }) => {
        const { key, scope } = keys[who]!;
        const { from, to, order: _order, ...conditions } = question;
        const query = new URLSearchParams({
          from: iso(from),
          to: iso(to),
          width: `${width}`,
          groupBy,
          empty: `${empty}`,
        });
        for (const [name, value] of Object.entries(written(conditions)))
          for (const one of [value].flat()) query.append(name, String(one));
        query.set('limit', `${limit}`);
        const { rows, bucketSeconds } = await walk(query, key, how);
        const { total } = await get(new URLSearchParams([...query, ['count', 'exact']]), key);
        expect(total).toBe(rows.length);
        const bucket = bucketSeconds * 1000;
        const maxBars = Math.max(1, Math.floor(width / 2));
        expect((to - from) / bucket).toBeLessThanOrEqual(maxBars);
        const found = expectedSessions(stored, question, { now: NOW, lostAfter: LOST_AFTER, scope });
        const byId = new Map(stored.map((session) => [session.id, session]));
        const ownerOf = ({ client, userId }: SearchedSession) => (groupBy === 'client' ? client : String(userId));
        const expected = new Map<string, object>();
        const inScope = stored.filter(({ client }) => scope === null || scope.includes(client));
        const canHaveRow = inScope.filter((s) => (groupBy === 'user' ? isUser(s, question) : isClient(s, question)));
        for (const session of empty ? canHaveRow : []) expected.set(ownerOf(session), { bars: [] });
        for (const owner of new Set(found.map(({ sessionId }) => ownerOf(byId.get(sessionId)!)))) {
          const own = found.filter(({ sessionId }) => ownerOf(byId.get(sessionId)!) === owner);
          const { bars, bucket: gap } = modelBars(own, { from, to, now: NOW, bucket, maxBars });
          expect(bars.reduce((sum, { ids }) => sum + ids.length, 0)).toBe(own.length);
          const shown = bars.map(({ start, end, state, ids, clippedStart, clippedEnd }) => ({
            ...{ start, end, sessions: ids.length, state },
            ...(ids.length === 1 && { sessionId: ids[0] }),
            ...(clippedStart && { clippedStart }),
            ...(clippedEnd && { clippedEnd }),
            ...(state === 'lost' && !clippedEnd && { endEstimated: true }),
          }));
          expected.set(owner, { bars: inOrder(shown), ...(gap !== bucket && { bucketSeconds: gap / 1000 }) });
          if (shown.some(({ sessions }) => sessions > 1)) drawn++;
        }
        const actual = new Map(
          rows.map(({ client, user, bars, ...rest }) => [
            client?.guid ?? String(user!.id),
            { bars: inOrder(bars.map(inMs)), ...rest },
          ]),
        );
        expect(actual.size).toBe(rows.length);
        expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
        const names = rows.map(({ client, user }) => (client ?? user!).name);
        expect(names).toEqual([...names].sort(byCode));
      }),
      { numRuns: QUESTIONS, endOnFailure: true },
    );
    expect(drawn).toBeGreaterThan(QUESTIONS / 10);
  }, 3_600_000);

  const aDensity = fc.record({
    question: aQuestion([1, 2, 3], false).filter((q): q is Window => q.from !== undefined && q.to !== undefined),
    width: fc.constantFrom(1, 2, 7, 20, 300),
    who: fc.constantFrom(0, 0, 1),
  });
  type DensityView = typeof aDensity extends fc.Arbitrary<infer T> ? T : never;

  /** @returns whether instants were sampled */
  const checkDensity = async ({ question, width, who }: DensityView): Promise<boolean> => {
    const { key, scope } = keys[who]!;
    const { from, to, order: _order, ...conditions } = question;
    const query = new URLSearchParams({ from: iso(from), to: iso(to), width: `${width}` });
    for (const [name, value] of Object.entries(written(conditions)))
      for (const one of [value].flat()) query.append(name, String(one));
    const answer = (await ask('density', query, key)) as Density;
    const bucket = answer.bucketSeconds * 1000;
    expect((to - from) / bucket).toBeLessThanOrEqual(Math.max(1, Math.floor(width / 2)));
    const found = expectedSessions(stored, conditions, { now: clock.now, lostAfter: LOST_AFTER, scope });
    const expected = modelDensity(found, from, to, bucket);
    const items = answer.items.map(({ start, ...rest }) => ({ start: Date.parse(start), ...rest }));
    if (!answer.sampled) expect({ query: `${query}`, items }).toEqual({ query: `${query}`, items: expected });
    else {
      const known = ({ start, openAtStart }: { start: number; openAtStart: number }) => ({ start, openAtStart });
      expect(items.map(known)).toEqual(expected.map(known));
      items.forEach(({ openAtStart, peak, sampledPeak, logins }, i) => {
        expect([peak, logins]).toEqual([undefined, undefined]);
        expect(sampledPeak).toBeGreaterThanOrEqual(openAtStart);
        expect(sampledPeak).toBeLessThanOrEqual(expected[i]!.peak);
      });
    }
    return answer.sampled;
  };

  it('counts open sessions, also again after sessions have changed or become lost', async () => {
    const views = fc.sample(aDensity, Math.ceil(QUESTIONS / 3));
    const steps: (() => unknown)[] = [
      () => {},
      () => {},
      () => add(10),
      () => (clock.now += 10 * 60_000),
      () => (clock.now += 50 * 60_000),
      () => (clock.now += 1),
      () => app.markLost(),
      () => (clock.now += 24 * 3_600_000),
    ];
    let sampled = 0;
    for (const step of steps) {
      await step();
      for (const view of views) if (await checkDensity(view)) sampled++;
    }
    if (limits === 'low limits') expect(sampled).toBeGreaterThan(QUESTIONS / 10);
    else expect(sampled).toBe(0);
  }, 3_600_000);
});

const inMs = ({ start, end, ...rest }: BarItem) => ({
  ...{ start: Date.parse(start), end: end === null ? null : Date.parse(end), ...rest },
});

/** Bars with equal bounds have no order. */
const inOrder = <T extends object>(bars: readonly T[]) =>
  [...bars].sort((a, b) =>
    JSON.stringify(a, Object.keys(a).sort()) < JSON.stringify(b, Object.keys(b).sort()) ? -1 : 1,
  );

function isClient({ client, clientName }: SearchedSession, q: Question): boolean {
  return (q.client?.includes(client) ?? true) && (q.clientName?.includes(clientName) ?? true);
}

function isUser({ userId, user, domain }: SearchedSession, q: Question): boolean {
  const isNamed = (text: string) => {
    const at = text.indexOf('\\');
    return at < 0 ? text === user : text.slice(0, at) === domain && text.slice(at + 1) === user;
  };
  return (q.userId?.includes(userId) ?? true) && (q.user?.some(isNamed) ?? true);
}

/** The conditions as query parameters. */
function written({ remoteAddress, minDuration, maxDuration, ...others }: Question): object {
  const network = remoteAddress && `${remoteAddress.address}/${remoteAddress.bits}`;
  const values = {
    ...others,
    remoteAddress: network,
    minDuration: minDuration === undefined ? undefined : `PT${minDuration / 1000}S`,
    maxDuration: maxDuration === undefined ? undefined : `PT${maxDuration / 1000}S`,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
