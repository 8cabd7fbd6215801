// GET /ekranapi/sessions with If-None-Match: an answer is "not modified" only if it would be the same again.
import * as fc from 'fast-check';
import { Clock } from '../../src/platform/time/clock.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditRecords, pollUntil } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T = Date.UTC(2024, 4, 1, 12);
const iso = (ms: number) => new Date(ms).toISOString();
const WINDOWS = [
  `start=${iso(T - HOUR)}&end=${iso(T)}`,
  `start=${iso(T - HOUR)}&end=${iso(T + HOUR)}`,
  `start=${iso(T)}&end=${iso(T)}`,
  `start=${iso(T - 30 * MINUTE)}`,
  '',
];

class MovingClock extends Clock {
  now = T;
  override nowMs() {
    return this.now;
  }
}

type Step =
  | { readonly kind: 'record'; readonly session: number; readonly client: number; readonly at: number; ended: boolean }
  | { readonly kind: 'activity'; readonly session: number; readonly client: number; readonly at: number }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'mark' };

const session = fc.integer({ min: 1, max: 4 });
const client = fc.integer({ min: 1, max: 2 });
const at = fc.integer({ min: -85, max: 60 }).map((minutes) => T + minutes * MINUTE);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('record' as const), session, client, at, ended: fc.boolean() }),
  fc.record({ kind: fc.constant('activity' as const), session, client, at }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(0, 1, 10 * MINUTE, HOUR) }),
  fc.constant({ kind: 'mark' as const }),
);

describe.each(engines)('the ETag of a window on $name', (engine) => {
  const clock = new MovingClock();
  let app: TestApp;
  let keys: { sender: string; all: string; limited: string };
  let runs = 0;

  beforeAll(async () => {
    app = await startApp(engine, { LOST_AFTER: HOUR }, clock);
    const limited = await app.limitedKey({ scopes: ['sessions:read'], clientGuids: ['m1'] });
    keys = { sender: await app.key('ingest:write'), all: await app.key('sessions:read', 'audit:read'), limited };
  });
  afterAll(() => app?.close());

  const get = (window: string, key = keys.all, headers: Record<string, string> = {}) =>
    rawRequest(app.url, `/ekranapi/sessions?${window}`, { headers: { ApiKey: key, ...headers } });
  const tagOf = async (window: string, key = keys.all) => String((await get(window, key)).headers['etag']);

  async function take(given: Step, run: number): Promise<void> {
    if (given.kind === 'time') clock.now += given.ms;
    else if (given.kind === 'mark') await app.markLost();
    else {
      const names = { externalId: `${run}-${given.session}`, clientGuid: `m${given.client}`, clientName: 'M' };
      const login = iso(T - (90 - given.session) * MINUTE);
      const record = { ...names, userName: 'ada', loginDate: login, logoutDate: null };
      const more =
        given.kind === 'activity'
          ? { activities: [{ at: iso(given.at), application: 'a' }] }
          : { lastSeen: iso(given.at), ...(given.ended && { logoutDate: iso(given.at) }) };
      const { results } = await ingest(app.url, keys.sender, [{ ...record, ...more }]);
      expect(results[0]!.status).not.toBe('rejected');
    }
  }

  it('is never the same for two answers', async () => {
    let notModified = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        clock.now = T;
        const run = ++runs;
        const known = new Map<string, string>();
        for (const given of steps) {
          await take(given, run);
          for (const window of WINDOWS)
            for (const key of [keys.all, keys.limited]) {
              const tags = [...known].filter(([name]) => name.startsWith(`${key} ${window} `));
              const names = tags.map(([name]) => name.split(' ').at(-1)!);
              const conditional = await get(window, key, names.length > 0 ? { 'If-None-Match': names.join(', ') } : {});
              const { body, headers } = await get(window, key);
              if (conditional.status === 304) {
                notModified++;
                expect(body).toBe(known.get(`${key} ${window} ${String(conditional.headers['etag'])}`));
              } else expect([conditional.status, conditional.body]).toEqual([200, body]);
              known.set(`${key} ${window} ${String(headers['etag'])}`, body);
            }
        }
      }),
      { numRuns: 8 },
    );
    expect(notModified).toBeGreaterThan(0);
  }, 120_000);

  it('answers 304 without a body while nothing changes, and records the call', async () => {
    const tag = await tagOf(WINDOWS[0]!);
    expect(tag).toMatch(/^W\/"[\w-]{32}"$/);
    const { status, body, headers } = await get(WINDOWS[0]!, keys.all, { 'If-None-Match': `"other", ${tag}` });
    expect([status, body, headers['etag'], headers['content-type']]).toEqual([304, '', tag, undefined]);
    const id = String(headers['x-request-id']);
    const recorded = await pollUntil(
      () => auditRecords(app.url, keys.all),
      (records) => records.some(({ requestId, kind }) => requestId === id && kind === 'outcome'),
    );
    const ours = recorded.filter(({ requestId }) => requestId === id);
    expect(ours.map(({ action }) => action)).toContain('sessions.read');
    expect(JSON.stringify(ours)).toContain('2024-05-01 11:00:00.000');
    expect(ours.find(({ kind }) => kind === 'outcome')).toMatchObject({ status: 304, rows: 0 });
  });

  it('answers 304 to fetch, which adds Cache-Control: no-cache to requests with a tag', async () => {
    const tag = await tagOf(WINDOWS[0]!);
    const answer = await fetch(`${app.url}/ekranapi/sessions?${WINDOWS[0]!}`, {
      headers: { ApiKey: keys.all, 'If-None-Match': tag },
    });
    expect([answer.status, await answer.text()]).toEqual([304, '']);
  });

  it('belongs to one window and one row scope', async () => {
    const tags = await Promise.all([
      ...WINDOWS.map((window) => tagOf(window)),
      ...WINDOWS.map((window) => tagOf(window, keys.limited)),
    ]);
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('does not help an unknown key', async () => {
    const answer = await get(WINDOWS[0]!, 'wrong', { 'If-None-Match': await tagOf(WINDOWS[0]!) });
    expect([answer.status, answer.headers['etag']]).toEqual([401, undefined]);
  });
});
