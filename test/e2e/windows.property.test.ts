import fc from 'fast-check';
import { Clock } from '../../src/platform/time/clock.js';
import { type TestApp, startApp, startAppOn } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

/** Few instants, seconds or single milliseconds apart, so that bounds of sessions, activities and windows collide. */
const BASE = Date.UTC(2021, 2, 28, 0, 59, 58);
const instants = [0, 1, 999, 1000, 1001, 2000, 3000, 60_000, 3_600_000, 3_600_001, 86_400_000, 400 * 86_400_000].map(
  (d) => BASE + d,
);
const NOW = BASE + 86_400_000;
const LOST_AFTER = 3_600_000;

class FixedClock extends Clock {
  override nowMs() {
    return NOW;
  }
}

/** Clients of the limited key. */
const VISIBLE = ['m0', 'm2'];

interface ModelSession {
  client?: string;
  login: number;
  logout: number | null;
  activities: number[];
}

const iso = (ms: number) => new Date(ms).toISOString();
const anInstant = fc.constantFrom(...instants);
const aSession: fc.Arbitrary<ModelSession> = fc
  .record({
    login: anInstant,
    length: fc.option(fc.constantFrom(0, 1, 999, 1000, 1001, 3_600_000, 86_400_000, 500 * 86_400_000)),
    activities: fc.array(anInstant, { maxLength: 4 }),
  })
  .map(({ login, length, activities }) => ({ login, logout: length === null ? null : login + length, activities }));
const aWindow = fc
  .tuple(fc.option(anInstant), fc.option(anInstant))
  .map(([a, b]) => (a !== null && b !== null && a > b ? [b, a] : [a, b]) as [number | null, number | null]);

/** The rules of docs/contract.md, section 2, in numbers. It shares no code with the application. */
function expected(
  sessions: (ModelSession & { id: number })[],
  S: number | null,
  E: number | null,
  lostAfter: number | null,
) {
  const rows: { id: number; trueLogin: number; login: number; logout: number | null }[] = [];
  for (const { id, login, logout, activities } of sessions) {
    const lastSign = Math.max(login, ...activities);
    const lost = logout === null && lostAfter !== null && lastSign < NOW - lostAfter;
    const end = lost ? lastSign : logout;
    const until = end ?? Infinity;
    const beforeEnd = E === null || (S === E ? login <= E : login < E);
    if (!beforeEnd || !(S === null || login >= S || until > S)) continue;
    const inside = activities
      .filter((a) => a >= login && a <= until && (S === null || a >= S) && (E === null || a < E))
      .sort((a, b) => a - b);
    const first = S !== null && login < S ? (inside[0] ?? S) : login;
    let last = end;
    if (E !== null && (end === null ? E <= NOW : end > E)) last = inside.at(-1) ?? E;
    rows.push({ id, trueLogin: login, login: first, logout: last });
  }
  return rows
    .sort((a, b) => a.trueLogin - b.trueLogin || a.id - b.id)
    .map(({ id, login, logout }) => ({ id, login, logout }));
}

const SETTINGS = [
  { LOST_AFTER: 'off' as const },
  { LOST_AFTER },
  { LOST_AFTER: 'off' as const, API_TIME_ZONE: 'America/New_York' },
];

describe.each(
  engines.flatMap((engine) =>
    SETTINGS.map((settings) => ({ engine, settings, name: `${engine.name} with ${JSON.stringify(settings)}` })),
  ),
)('windows against a brute-force model on $name', ({ engine, settings }) => {
  let app: TestApp;
  let key: string;
  /** A key that is limited to two of the three clients. */
  let limitedKey: string;

  beforeAll(async () => {
    app = await startApp(engine, settings, new FixedClock());
    key = await app.key('sessions:read', 'ingest:write');
    limitedKey = await app.limitedKey({ scopes: ['sessions:read'], clientGuids: [...VISIBLE, 'unknown'] });
  });
  afterAll(() => app?.close());

  it('selects, clips and orders as docs/contract.md specifies', async () => {
    const all: (ModelSession & { id: number })[] = [];
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(aSession, { minLength: 1, maxLength: 12 }),
        fc.array(aWindow, { minLength: 4, maxLength: 8 }),
        async (sessions, windows) => {
          const records = sessions.map((s) => ({
            ...{ externalId: `s${n++}`, clientGuid: `m${n % 3}`, clientName: 'm', userName: `u${n % 2}` },
            ...{
              loginDate: iso(s.login),
              logoutDate: s.logout === null ? null : iso(s.logout),
              activities: s.activities.map((a) => ({ at: iso(a) })),
            },
          }));
          const { results } = await ingest(app.url, key, records);
          results.forEach(({ sessionId }, i) =>
            all.push({ ...sessions[i]!, client: records[i]!.clientGuid, id: sessionId }),
          );
          for (const bounds of windows) {
            // The answer must not depend on whether the ends of lost sessions are stored yet.
            if (n % 3 === 0) await app.markLost();
            await compare(app, all, bounds, settings.LOST_AFTER);
          }
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
    if (settings.LOST_AFTER === 'off') return;
    // Longer, shorter, off: each start revises the ends stored under the previous value.
    for (const LOST_AFTER of [80_000_000, 3_000_000, 'off', 70_000_000, 82_000_000] as const) {
      const other = await startAppOn(app.config.DATABASE_URL, { LOST_AFTER }, new FixedClock());
      try {
        for (const bounds of fc.sample(aWindow, 6)) await compare(other, all, bounds, LOST_AFTER);
        await other.markLost();
        for (const bounds of fc.sample(aWindow, 6)) await compare(other, all, bounds, LOST_AFTER);
      } finally {
        await other.close();
      }
    }
  }, 120_000);

  const compare = async (
    { url }: TestApp,
    all: (ModelSession & { id: number })[],
    [S, E]: [number | null, number | null],
    lostAfter: number | 'off',
  ) => {
    const query = new URLSearchParams({ ...(S !== null && { start: iso(S) }), ...(E !== null && { end: iso(E) }) });
    const seenWith = async (ApiKey: string) => {
      const answer = await fetch(`${url}/ekranapi/sessions?${query}`, { headers: { ApiKey } });
      const rows = (await answer.json()) as { sessionId: number; loginDate: string; logoutDate: string | null }[];
      return rows.map((r) => ({
        id: r.sessionId,
        login: Date.parse(r.loginDate),
        logout: r.logoutDate === null ? null : Date.parse(r.logoutDate),
      }));
    };
    const lostAfterMs = lostAfter === 'off' ? null : lostAfter;
    expect(await seenWith(key)).toEqual(expected(all, S, E, lostAfterMs));
    const visible = all.filter(({ client }) => VISIBLE.includes(client!));
    expect(await seenWith(limitedKey)).toEqual(expected(visible, S, E, lostAfterMs));
  };
});
