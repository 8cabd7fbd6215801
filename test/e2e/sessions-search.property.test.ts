import fc from 'fast-check';
import { Clock } from '../../src/platform/time/clock.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';
import {
  type Expected,
  type ModelRules,
  type Question,
  type SearchedSession,
  expectedSessions,
} from '../support/search-model.js';
import { LOST_AFTER, NOW, aQuestion, aSession } from '../support/search-questions.js';
import { rawQuery, record } from '../support/search-records.js';

/** Questions of each engine, over all zones; a long run sets QUESTIONS=10000. */
const QUESTIONS = Number(process.env['QUESTIONS'] ?? 500);
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'];
const SESSIONS = 120;

class TestClock extends Clock {
  /** Before any session is lost, so that ingestion stores no estimated end. */
  now = NOW - 24 * 3_600_000;

  override nowMs() {
    return this.now;
  }
}

interface Item {
  readonly sessionId: number;
  readonly state: string;
  readonly loginDate: string;
  readonly logoutDate: string | null;
  readonly endEstimated: boolean;
  readonly lastSeen: string;
  readonly durationSeconds: number | null;
  readonly client: { guid: string; name: string };
  readonly user: { id: number; name: string; domain: string };
  readonly externalId: string;
  readonly remoteAddress: string | null;
  readonly logonType: string | null;
  readonly clipped?: { loginDate: string; logoutDate: string | null };
}

interface Page {
  readonly items: Item[];
  readonly next: string | null;
  readonly total?: number;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** The instant as a wall clock of the zone shows it. */
function wallClock(ms: number, zone: string): string {
  const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const options = {
    ...fields,
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    timeZone: zone,
  } as const;
  const part = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', options).formatToParts(ms).map(({ type, value }) => [type, value]),
  );
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}.${part.fractionalSecond}`;
}

/** The earliest instant with this wall clock: clocks are set back by at most an hour. */
function earliest(ms: number, zone: string): number {
  const wall = wallClock(ms, zone);
  return [ms - 3_600_000, ms - 1_800_000].find((other) => wallClock(other, zone) === wall) ?? ms;
}

describe.each(engines.flatMap((engine) => ZONES.map((zone) => ({ engine, zone, name: engine.name }))))(
  'the search for sessions against a brute-force model on $name in $zone',
  ({ engine, zone }) => {
    let app: TestApp;
    const clock = new TestClock();
    const keys: { key: string; scope: readonly string[] | null }[] = [];
    const stored: SearchedSession[] = [];

    beforeAll(async () => {
      app = await startApp(engine, { API_TIME_ZONE: zone, LOST_AFTER }, clock);
      const scopes = ['sessions:read', 'activities:read'] as const;
      for (const scope of [null, ['m1', 'm3']])
        keys.push({ key: await app.limitedKey({ scopes: [...scopes], clientGuids: scope }), scope });
      const writer = await app.key('ingest:write');
      const sessions = fc.sample(aSession, SESSIONS);
      const { results } = await ingest(app.url, writer, sessions.map(record));
      clock.now = NOW;
      sessions.forEach((session, i) =>
        stored.push({ ...session, ...results[i]!, id: results[i]!.sessionId, userId: 0 }),
      );
      const { items } = await get(new URLSearchParams({ limit: '1000' }), keys[0]!.key);
      stored.forEach((session, i) => {
        const { user } = items.find(({ sessionId }) => sessionId === session.id)!;
        stored[i] = { ...session, userId: user.id };
      });
    });
    afterAll(() => app?.close());

    const get = async (query: URLSearchParams, key: string): Promise<Page> => {
      const answer = await fetch(`${app.url}/api/v1/sessions?${rawQuery(query)}`, { headers: { ApiKey: key } });
      const body = await answer.text();
      if (answer.status !== 200) throw new Error(`${answer.status} ${body}`);
      return JSON.parse(body) as Page;
    };

    /** Follows every page. */
    const list = async (query: URLSearchParams, key: string): Promise<Item[]> => {
      const items: Item[] = [];
      const page = new URLSearchParams(query);
      for (;;) {
        const { items: found, next } = await get(page, key);
        items.push(...found);
        if (next === null) return items;
        page.set('cursor', next);
      }
    };

    it(`answers ${QUESTIONS / ZONES.length} random questions`, async () => {
      const question = aQuestion([...new Set(stored.map(({ userId }) => userId))], true);
      const form = fc.constantFrom('utc', 'local');
      let answered = 0;
      await fc.assert(
        fc.asyncProperty(
          question,
          form,
          fc.constantFrom(...keys),
          fc.constantFrom(25, 100),
          async (q, how, who, limit) => {
            const { query, asked } = written(q, how === 'local' ? zone : null);
            query.set('limit', String(limit));
            const rules: ModelRules = { now: NOW, lostAfter: LOST_AFTER, scope: who.scope };
            const expected = expectedSessions(stored, asked, rules);
            const items = await list(query, who.key);
            expect(items.map(comparable)).toEqual(expected);
            if (items.length > 0) answered++;
            for (const item of items) expect(item).toMatchObject(facts(stored, item));
            const counted = await get(new URLSearchParams([...query, ['count', 'exact']]), who.key);
            expect(counted.total).toBe(expected.length);
          },
        ),
        { numRuns: QUESTIONS / ZONES.length, endOnFailure: true },
      );
      expect(answered).toBeGreaterThan(QUESTIONS / ZONES.length / 3);
    }, 3_600_000);

    it('gives the same whether the ends of lost sessions are stored or not', async () => {
      const questions = fc.sample(aQuestion([1, 2], true), 20).map((q) => written(q, null).query);
      const before = await Promise.all(questions.map((query) => list(query, keys[0]!.key)));
      const marked = await app.markLost();
      // In a long run the timer of the job may have been first.
      if (QUESTIONS <= 500) expect(marked).toBeGreaterThan(0);
      // Storing an end is a change, so it raises the version of the session.
      const apart = (answer: unknown) =>
        JSON.parse(JSON.stringify(answer), (k, v: unknown) => (k === 'version' ? 0 : v)) as unknown;
      for (const [i, query] of questions.entries())
        expect(apart(await list(query, keys[0]!.key))).toEqual(apart(before[i]));
    });
  },
);

/** The parameters of a question; with a zone, instants are local, and the earliest one that reads so is asked for. */
function written(q: Question, zone: string | null): { query: URLSearchParams; asked: Question } {
  const { from, to, activeAt, remoteAddress, ...others } = q;
  const query = new URLSearchParams();
  const asked: Record<string, unknown> = { ...others, remoteAddress };
  for (const [name, ms] of Object.entries({ from, to, activeAt })) {
    if (ms === undefined) continue;
    query.set(name, zone === null ? iso(ms) : wallClock(ms, zone));
    asked[name] = zone === null ? ms : earliest(ms, zone);
  }
  if (asked['from'] !== undefined && asked['to'] !== undefined && (asked['from'] as number) > (asked['to'] as number))
    return written(q, null);
  if (remoteAddress)
    query.set(
      'remoteAddress',
      remoteAddress.bits === 32 ? remoteAddress.address : `${remoteAddress.address}/${remoteAddress.bits}`,
    );
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined) continue;
    const isDuration = name.endsWith('Duration');
    for (const one of [value].flat() as (string | number)[])
      query.append(
        name,
        isDuration
          ? Number(one) % 2 === 0 && Number(one) < 1e10
            ? `${one}ms`
            : `PT${Number(one) / 1000}S`
          : String(one),
      );
  }
  return { query, asked: asked as Question };
}

function comparable(item: Item): Expected {
  const { sessionId, state, endEstimated, durationSeconds, clipped } = item;
  const ms = (text: string | null) => (text === null ? null : Date.parse(text));
  return {
    ...{ sessionId, state, endEstimated, durationSeconds },
    loginDate: Date.parse(item.loginDate),
    logoutDate: ms(item.logoutDate),
    lastSeen: Date.parse(item.lastSeen),
    ...(clipped && { clipped: { loginDate: Date.parse(clipped.loginDate), logoutDate: ms(clipped.logoutDate) } }),
  };
}

/** What an item must say about its session besides the times. */
function facts(stored: readonly SearchedSession[], { sessionId }: Item): object {
  const session = stored.find(({ id }) => id === sessionId)!;
  const { client, clientName, user, domain, userId, externalId, remoteAddress, logonType } = session;
  return {
    client: { guid: client, name: clientName },
    user: { id: userId, name: user, domain },
    ...{ externalId, remoteAddress, logonType },
  };
}
