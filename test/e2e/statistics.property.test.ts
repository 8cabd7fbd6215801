import fc from 'fast-check';
import { Clock } from '../../src/platform/time/clock.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';
import {
  type ModelRules,
  type ModelSession,
  dateTime,
  productivityOf,
  seenIn,
  timeSpan,
  usageOf,
} from '../support/statistics-model.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Cases around a clock change of the zone. */
const SETTINGS = [
  { zone: 'UTC', change: '2021-03-28T00:00:00Z', idle: 15 * MINUTE, lost: 2 * HOUR },
  { zone: 'Asia/Kolkata', change: '2021-03-28T18:30:00Z', idle: 15 * MINUTE, lost: null },
  // Back by half an hour: 01:30 to 02:00 occurs twice.
  { zone: 'Australia/Lord_Howe', change: '2021-04-03T15:00:00Z', idle: 40 * MINUTE, lost: null },
  // Forward by half an hour: 02:00 to 02:30 is skipped.
  { zone: 'Australia/Lord_Howe', change: '2021-10-02T15:30:00Z', idle: 15 * MINUTE, lost: null },
  { zone: 'America/New_York', change: '2021-11-07T06:00:00Z', idle: 3 * HOUR, lost: null },
  // Midnight is skipped; in February, 23:00 to 24:00 occurs twice.
  { zone: 'America/Sao_Paulo', change: '2018-11-04T03:00:00Z', idle: 15 * MINUTE, lost: null },
  { zone: 'America/Sao_Paulo', change: '2018-02-18T02:00:00Z', idle: 90 * MINUTE, lost: null },
  // Back by two hours, so hours 1 and 2 alternate.
  { zone: 'Antarctica/Troll', change: '2021-10-31T01:00:00Z', idle: 90 * MINUTE, lost: null },
];

const offsets = [
  ...[-26 * HOUR, -3 * HOUR, -2 * HOUR, -61 * MINUTE, -HOUR, -HOUR + 1, -31 * MINUTE, -30 * MINUTE, -10 * MINUTE, -1],
  ...[0, 1, 999, 5 * MINUTE, 15 * MINUTE - 1, 15 * MINUTE, 15 * MINUTE + 1, 20 * MINUTE, 30 * MINUTE, 45 * MINUTE],
  ...[HOUR - 1, HOUR, 75 * MINUTE, 2 * HOUR, 150 * MINUTE, 5 * HOUR, 23 * HOUR, 24 * HOUR, 60 * 24 * HOUR],
];
const URLS: readonly (readonly [url: string | null, site: string | null])[] = [
  [null, null],
  ['https://Mail.Example.COM/inbox?x=1', 'mail.example.com'],
  ['https://mail.example.com:443/#top', 'mail.example.com'],
  ['http://mail.example.com:443', 'mail.example.com:443'],
  ['about:blank', null],
  ['not a url', null],
  ['file:///C:/a.txt', null],
];

const anOffset = fc.constantFrom(...offsets);
const anActivity = fc.record({
  at: anOffset,
  application: fc.constantFrom('winword.exe', 'excel.exe', 'a"b\\c.exe', '', null),
  url: fc.constantFrom(...URLS),
});
const aSession = fc.record({
  login: anOffset,
  length: fc.option(fc.constantFrom(0, 1, 10 * MINUTE, 45 * MINUTE, 3 * HOUR, 26 * HOUR, 90 * 24 * HOUR)),
  activities: fc.array(anActivity, { maxLength: 8 }),
  user: fc.constantFrom('ada', 'grace', 'ACME\\ada'),
  client: fc.constantFrom('m1', 'm2'),
});
const aWindow = fc
  .tuple(fc.option(anOffset), fc.option(anOffset))
  .map(([a, b]) => (a !== null && b !== null && a > b ? [b, a] : [a, b]) as [number | null, number | null]);

const iso = (ms: number) => new Date(ms).toISOString();

function recordOf(session: Omit<ModelSession, 'id'>, externalId: string) {
  const [userName, userDomain = ''] = session.user.split('\\').reverse();
  return {
    ...{ externalId, clientGuid: session.client, clientName: `name of ${session.client}`, userName, userDomain },
    loginDate: iso(session.login),
    logoutDate: session.logout === null ? null : iso(session.logout),
    activities: session.activities.map(({ at, application, url }) => ({ at: iso(at), application, url })),
  };
}

function detailsOf(seen: ReturnType<typeof seenIn>, userIds: ReadonlyMap<string, number>, zone: string) {
  return seen.map(({ session, login, logout, duration, active }) => ({
    duration: timeSpan(duration),
    idleTime: timeSpan(duration - active),
    productivityTime: timeSpan(active),
    clientGuid: session.client,
    clientName: `name of ${session.client}`,
    loginDate: dateTime(login, zone),
    logoutDate: logout === null ? null : dateTime(logout, zone),
    sessionId: session.id,
    userId: userIds.get(session.user),
    userName: session.user,
  }));
}

describe.each(
  engines.flatMap((engine) => SETTINGS.map((s) => ({ engine, ...s, name: `${s.zone} ${s.change} on ${engine.name}` }))),
)('statistics against a brute-force model around $name', ({ engine, zone, change, idle, lost }) => {
  const base = Date.parse(change);
  const rules: ModelRules = { zone, now: base + 4 * HOUR, idleAfter: idle, lostAfter: lost };
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    class FixedClock extends Clock {
      override nowMs = () => rules.now;
    }
    const settings = { API_TIME_ZONE: zone, IDLE_TIMEOUT: idle, LOST_AFTER: lost ?? ('off' as const) };
    app = await startApp(engine, settings, new FixedClock());
    key = await app.key('sessions:read', 'activities:read', 'ingest:write');
  });
  afterAll(() => app?.close());

  const get = async (path: string) =>
    (await (await fetch(app.url + path, { headers: { ApiKey: key } })).json()) as unknown[];
  const post = async (path: string) => {
    const answer = await fetch(app.url + path, { method: 'POST', headers: { ApiKey: key } });
    const next = /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    return { sessions: ((await answer.json()) as { sessions: unknown[] }).sessions, next };
  };

  it('agree in every answer', async () => {
    const all: ModelSession[] = [];
    const check = async (S: number | null, E: number | null, sessionCount: number) => {
      const seen = seenIn(all, S, E, rules);
      const query = new URLSearchParams({ ...(S !== null && { start: iso(S) }), ...(E !== null && { end: iso(E) }) });
      expect(await get(`/ekranapi/statistics/getapp?${query}`)).toEqual(
        usageOf(seen, ({ application }) => application || null, zone),
      );
      expect(await get(`/ekranapi/statistics/geturl?${query}`)).toEqual(usageOf(seen, ({ site }) => site, zone));
      expect(await get(`/ekranapi/user/getproductivity?${query}`)).toEqual(productivityOf(seen, zone));
      const users = (await get('/ekranapi/users')) as { userId: number; userName: string }[];
      const details = detailsOf(seen, new Map(users.map(({ userName, userId }) => [userName, userId])), zone);
      const byIndex: unknown[] = [];
      for (let pageIndex = 0; pageIndex * sessionCount <= seen.length; pageIndex++)
        byIndex.push(
          ...(await post(`/ekranapi/sessions?${query}&pageIndex=${pageIndex}&sessionCount=${sessionCount}`)).sessions,
        );
      expect(byIndex).toEqual(details);
      const byCursor: unknown[] = [];
      for (let path: string | undefined = `/ekranapi/sessions?${query}&sessionCount=${sessionCount}`; path;) {
        const page: Awaited<ReturnType<typeof post>> = await post(path);
        byCursor.push(...page.sessions);
        path = page.next;
      }
      expect(byCursor).toEqual(details);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(aSession, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(aWindow, fc.integer({ min: 3, max: 30 })), { minLength: 2, maxLength: 3 }),
        async (sessions, windows) => {
          const fresh = sessions.map(({ login, length, activities, user, client }) => ({
            ...{ user, client, login: base + login, logout: length === null ? null : base + login + length },
            activities: activities.map((a) => ({ ...a, at: base + a.at, url: a.url[0], site: a.url[1] })),
          }));
          const records = fresh.map((session, i) => recordOf(session, `s${all.length + i}`));
          const { results } = await ingest(app.url, key, records);
          results.forEach(({ sessionId }, i) => all.push({ ...fresh[i]!, id: sessionId }));
          for (const [[S, E], count] of windows)
            await check(S === null ? S : base + S, E === null ? E : base + E, count);
        },
      ),
      { numRuns: 5, endOnFailure: true },
    );
  });
});
