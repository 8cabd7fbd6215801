import fc from 'fast-check';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';
import { LOST_AFTER, NOW, aSession } from '../support/search-questions.js';

type NewSession = typeof aSession extends fc.Arbitrary<infer T> ? T : never;

const iso = (ms: number) => new Date(ms).toISOString();
/** Questions of each engine; a long run sets QUESTIONS=10000. */
const QUESTIONS = Number(process.env['QUESTIONS'] ?? 60);

interface Item {
  readonly id?: number;
  readonly guid?: string;
  readonly name: string;
  readonly domain?: string;
  readonly firstSeen: string;
  readonly lastLogin: string;
  readonly lastSeen: string;
  readonly sessions: number;
  readonly liveSessions: number;
}

interface Page {
  readonly items: Item[];
  readonly next: string | null;
  readonly total?: number;
}

/** Last sign of life, and end; null = live. */
function timesOf({ login, logout, lastSeen, activities }: NewSession) {
  const sign = Math.max(login, lastSeen ?? login, logout ?? login, ...activities.map(({ at }) => at));
  return { sign, end: logout ?? (sign < NOW - LOST_AFTER ? sign : null) };
}

/** What the lists say of one user or client, from all of its sessions. */
function presenceOf(sessions: readonly NewSession[]) {
  const lastLogin = Math.max(...sessions.map(({ login }) => login));
  const live = sessions.filter((session) => timesOf(session).end === null);
  return {
    firstSeen: Math.min(...sessions.map(({ login }) => login)),
    lastLogin,
    lastSeen: Math.max(...sessions.map((session) => timesOf(session).end ?? timesOf(session).sign)),
    sessions: sessions.length,
    liveSessions: live.length,
  };
}

function isUnusedSince(sessions: readonly NewSession[], instant: number): boolean {
  return (
    presenceOf(sessions).lastSeen < instant &&
    sessions.every((session) => session.login >= instant || (timesOf(session).end ?? Infinity) <= instant)
  );
}

describe.each(engines)('users and clients against a brute-force model on $name', (engine) => {
  let app: TestApp;
  let stored: NewSession[];
  const keys: { key: string; scope: readonly string[] | null }[] = [];

  beforeAll(async () => {
    app = await startApp(engine, { LOST_AFTER }, { nowMs: () => NOW });
    for (const scope of [null, ['m1', 'm3'], ['none']])
      keys.push({ key: await app.limitedKey({ scopes: ['sessions:read'], clientGuids: scope }), scope });
    stored = fc.sample(aSession, 40);
    const records = stored.map(({ client, clientName, user, domain, login, logout, lastSeen, activities }, n) => ({
      ...{ externalId: `s${n}`, clientGuid: client, clientName, userName: user, userDomain: domain },
      ...{ loginDate: iso(login), logoutDate: logout === null ? null : iso(logout) },
      ...(lastSeen !== null && { lastSeen: iso(lastSeen) }),
      activities: activities.map(({ at }) => ({ at: iso(at) })),
    }));
    await ingest(app.url, await app.key('ingest:write'), records);
  });
  afterAll(() => app?.close());

  const get = (path: string, ApiKey: string) => fetch(`${app.url}/api/v1/${path}`, { headers: { ApiKey } });

  const list = async (path: string, key: string): Promise<Item[]> => {
    const items: Item[] = [];
    for (let cursor = ''; ;) {
      const answer = await get(`${path}${cursor}`, key);
      const page = (await answer.json()) as Page;
      if (answer.status !== 200) throw new Error(JSON.stringify(page));
      items.push(...page.items);
      if (page.next === null) return items;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  };

  const aQuestion = fc.record({
    kind: fc.constantFrom('users', 'clients'),
    q: fc.constantFrom(undefined, 'a', 'B', 'ACME', 'x', '%', 'm1'),
    lastSeenBefore: fc.option(fc.constantFrom(...[1, -1, 1000, -1000, 3_600_000].map((by) => NOW - 86_400_000 + by)), {
      nil: undefined,
    }),
    sort: fc.constantFrom('name', 'lastSeen'),
    order: fc.constantFrom('asc', 'desc'),
    limit: fc.constantFrom(1, 2, 100),
    who: fc.nat(2),
  });

  it(`answer ${QUESTIONS} random questions`, async () => {
    await fc.assert(
      fc.asyncProperty(aQuestion, async ({ kind, q, lastSeenBefore, sort, order, limit, who }) => {
        const { key, scope } = keys[who]!;
        const seen = stored.filter(({ client }) => scope === null || scope.includes(client));
        const groups = grouped(seen, (s) => (kind === 'users' ? `${s.domain}\\${s.user}` : s.client));
        const texts = (name: string, [s]: NewSession[]) => (kind === 'users' ? [s!.user, name] : [s!.clientName, name]);
        const expected = [...groups]
          .filter(([, sessions]) => lastSeenBefore === undefined || isUnusedSince(sessions, lastSeenBefore))
          .filter(
            ([name, of]) => q === undefined || texts(name, of).some((t) => t.toLowerCase().includes(q.toLowerCase())),
          )
          .map(([name, of]) => ({ name, ...presenceOf(of) }));
        const query = new URLSearchParams({ sort, order, limit: String(limit) });
        if (q !== undefined) query.set('q', q);
        if (lastSeenBefore !== undefined) query.set('lastSeenBefore', iso(lastSeenBefore));
        const items = await list(`${kind}?${query}`, key);
        const found = items.map(({ firstSeen, lastLogin, lastSeen, sessions, liveSessions, ...item }) => ({
          name: kind === 'users' ? `${item.domain}\\${item.name}` : item.guid!,
          ...{ firstSeen: Date.parse(firstSeen), lastLogin: Date.parse(lastLogin), lastSeen: Date.parse(lastSeen) },
          ...{ sessions, liveSessions },
        }));
        const byName = <T extends { name: string }>(values: T[]) => values.sort((a, b) => (a.name < b.name ? -1 : 1));
        const keyOf = (item: Item) => (sort === 'name' ? item.name : item.lastSeen);
        const order1 = items.map(keyOf);
        const sorted = [...order1].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(order1).toEqual(order === 'asc' ? sorted : sorted.reverse());
        const ids = (by: string) => items.filter((item) => keyOf(item) === by && kind === 'users').map(({ id }) => id!);
        for (const by of order1) expect(ids(by)).toEqual(ids(by).sort((a, b) => (order === 'asc' ? a - b : b - a)));
        expect(byName(found)).toEqual(byName(expected));
        const counted = (await (await get(`${kind}?${query}&count=exact`, key)).json()) as Page;
        expect(counted.total).toBe(expected.length);
      }),
      { numRuns: QUESTIONS, endOnFailure: true },
    );
  }, 3_600_000);

  it('describe one of them as the lists do, and are 404 alike for what does not exist or may not be seen', async () => {
    for (const kind of ['users', 'clients']) {
      const idOf = (item: Item) => String(item.id ?? item.guid);
      const [unlimited, limited] = [keys[0]!.key, keys[1]!.key];
      const all = await list(`${kind}?limit=100`, unlimited);
      for (const item of all) expect(await (await get(`${kind}/${idOf(item)}`, unlimited)).json()).toEqual(item);
      const visible = await list(`${kind}?limit=100`, limited);
      for (const item of visible) expect(await (await get(`${kind}/${idOf(item)}`, limited)).json()).toEqual(item);
      const hidden = all.filter((item) => !visible.some((other) => idOf(other) === idOf(item))).map(idOf);
      const bodies = await Promise.all(
        [...hidden, '99999'].map(async (id) => {
          const answer = await get(`${kind}/${id}`, limited);
          return [answer.status, (await answer.text()).replace(/"(instance|requestId)":"[^"]*"/g, '')];
        }),
      );
      expect(new Set(bodies.map(([status]) => status))).toEqual(new Set([404]));
      expect(new Set(bodies.map(([, body]) => body)).size).toBe(1);
    }
  });

  it('are given as CSV and NDJSON', async () => {
    for (const kind of ['users', 'clients']) {
      const items = await list(`${kind}?limit=100`, keys[0]!.key);
      const as = async (Accept: string) =>
        (await fetch(`${app.url}/api/v1/${kind}`, { headers: { ApiKey: keys[0]!.key, Accept } })).text();
      const lines = (await as('application/x-ndjson')).trim().split('\n');
      expect(lines.map((line) => JSON.parse(line) as Item)).toEqual(items);
      expect((await as('text/csv')).trim().split('\r\n')).toHaveLength(items.length + 1);
    }
  });

  it.each(['q=', 'sort=id', 'lastSeenBefore=x', 'lastSeenBefore=', 'foo=1', 'cursor=x', 'limit=0'])(
    'refuse %s',
    async (query) => {
      for (const kind of ['users', 'clients']) {
        const answer = await get(`${kind}?${query}`, keys[0]!.key);
        const { errors } = (await answer.json()) as { errors: { parameter: string }[] };
        expect([answer.status, errors.map(({ parameter }) => parameter)]).toEqual([400, [query.split('=')[0]]]);
      }
    },
  );
});

function grouped(sessions: readonly NewSession[], keyOf: (session: NewSession) => string): Map<string, NewSession[]> {
  const groups = new Map<string, NewSession[]>();
  for (const session of sessions) groups.set(keyOf(session), [...(groups.get(keyOf(session)) ?? []), session]);
  return groups;
}
