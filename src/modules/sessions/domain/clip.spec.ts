import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { fromInstantText, toInstantText } from '../../../platform/time/instant.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { type ActivityBounds, type Span, clip, crossesEnd, crossesStart, isSelected } from './clip.js';
import type { TimeWindow } from './time-window.js';
import { propertyRuns } from '../../../../test/support/property-runs.js';

interface Examples {
  sessions: { externalId: string; loginDate: string; logoutDate: string | null; activities: string[] }[];
  cases: { name: string; start: string | null; end: string | null; expected: object[] }[];
}

const FIXTURE = new URL('../../../../test/fixtures/clipping-cases.json', import.meta.url);
const EXAMPLES = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Examples;
const NOW = toInstantText(Date.UTC(2026, 0, 1));
const format = new TimeZone('UTC').formatter();
const textOf = (iso: string | null) => (iso === null ? null : toInstantText(Date.parse(iso)));

/** The input of clip() from the database: the first and last activity in [start, end), also outside of the session. */
function boundsIn(activities: readonly string[], { start, end }: TimeWindow): ActivityBounds | null {
  const inside = activities.filter((at) => (start === null || at >= start) && (end === null || at < end)).sort();
  return inside.length === 0 ? null : { first: inside[0]!, last: inside[inside.length - 1]! };
}

function answer(window: TimeWindow): object[] {
  return EXAMPLES.sessions
    .map((s) => ({ ...s, login: textOf(s.loginDate)!, end: textOf(s.logoutDate) }))
    .filter((s) => isSelected(s, window))
    .sort((a, b) => (a.login < b.login ? -1 : a.login > b.login ? 1 : 0))
    .map((s) => {
      const at = s.activities.map((iso) => textOf(iso)!);
      const { login, end } = clip(s, window, boundsIn(at, window), NOW);
      return { externalId: s.externalId, loginDate: format(login), logoutDate: end === null ? null : format(end) };
    });
}

describe('clip, on the worked examples', () => {
  it.each(EXAMPLES.cases.map((c) => [c.name, c] as const))('%s', (_, { start, end, expected }) => {
    expect(answer({ start: textOf(start), end: textOf(end) })).toEqual(expected);
  });
});

/** docs/contract.md, section 2, in numbers, activity by activity. Missing bounds and ends of live sessions are infinite. */
function model(login: number, logout: number, activities: readonly number[], s: number, e: number, now: number) {
  if (!((s === e ? login <= e : login < e) && (login >= s || logout > s))) return null;
  const own = activities.filter((at) => at >= login && at <= logout && at >= s && at < e);
  const live = logout === Infinity;
  return {
    login: login >= s ? login : own.length > 0 ? Math.min(...own) : s,
    end: (live ? e > now : logout <= e) ? logout : own.length > 0 ? Math.max(...own) : e,
  };
}

const BASE = Date.UTC(2021, 3, 1);
const tick = fc.integer({ min: 0, max: 6 }); // few values, so that bounds collide
const situation = fc.record({
  times: fc.tuple(tick, tick),
  live: fc.boolean(),
  activities: fc.array(tick, { maxLength: 5 }),
  bounds: fc.tuple(tick, tick),
  open: fc.record({ start: fc.boolean(), end: fc.boolean() }),
  now: tick,
});
const RUNS = { numRuns: propertyRuns(5000) };
const text = (n: number) => (Number.isFinite(n) ? toInstantText(BASE + n) : null);

/** A session and a window, as numbers and as text. A live session has no activity in the future. */
function build({
  times,
  live,
  activities,
  bounds,
  open,
  now,
}: typeof situation extends fc.Arbitrary<infer T> ? T : never) {
  const login = live ? Math.min(times[0], now) : Math.min(...times);
  const logout = live ? Infinity : Math.max(...times);
  const s = open.start ? -Infinity : Math.min(...bounds);
  const e = open.end ? Infinity : Math.max(...bounds);
  const span: Span = { login: text(login)!, end: text(logout) };
  const window: TimeWindow = { start: text(s), end: text(e) };
  const at = live ? activities.filter((a) => a <= now) : activities;
  return {
    login,
    logout,
    s,
    e,
    now,
    at,
    span,
    window,
    inside: boundsIn(
      at.map((a) => text(a)!),
      window,
    ),
  };
}

describe('isSelected and clip', () => {
  it('agree with a model that tests every activity', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { login, logout, s, e, now, at, span, window, inside } = build(given);
        const expected = model(login, logout, at, s, e, now);
        expect(isSelected(span, window)).toBe(expected !== null);
        if (expected === null) return;
        expect(clip(span, window, inside, text(now)!)).toEqual({
          login: text(expected.login),
          end: text(expected.end),
        });
      }),
      RUNS,
    );
  });

  it('keep S <= loginDate <= logoutDate <= E', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { span, window, inside, now } = build(given);
        if (!isSelected(span, window)) return;
        const { login, end } = clip(span, window, inside, text(now)!);
        expect(window.start === null || window.start <= login).toBe(true);
        expect(end === null || login <= end).toBe(true);
        expect(window.end === null || end === null || end <= window.end).toBe(true);
      }),
      RUNS,
    );
  });

  it('do not change a session that crosses no bound, so its activities need no look-up', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { span, window, inside, now } = build(given);
        if (crossesStart(span, window) || crossesEnd(span, window, text(now)!)) return;
        expect(clip(span, window, inside, text(now)!)).toEqual({ login: span.login, end: span.end });
      }),
      RUNS,
    );
  });

  it('show every login in exactly one of the windows that tile time', () => {
    fc.assert(
      fc.property(fc.uniqueArray(tick, { minLength: 1 }), tick, tick, (cuts, login, length) => {
        const edges = [null, ...cuts.sort((a, b) => a - b).map((n) => text(n)), null];
        const span = { login: text(login)!, end: text(login + length) };
        const own = edges.slice(1).filter((end, i) => {
          const window = { start: edges[i]!, end };
          return isSelected(span, window) && !crossesStart(span, window);
        });
        expect(own).toHaveLength(1);
      }),
    );
  });
});

describe('a live session', () => {
  const span = { login: text(0)!, end: null };

  it('is clipped at a window end equal to the current instant, and stays open at one a millisecond later', () => {
    expect(clip(span, { start: null, end: text(5) }, null, text(5)!).end).toBe(text(5));
    expect(clip(span, { start: null, end: text(5) }, null, text(4)!).end).toBeNull();
  });

  it('begins at the start of a window in the future', () => {
    const start = toInstantText(fromInstantText(NOW) + 60_000);
    expect(clip(span, { start, end: null }, null, NOW)).toEqual({ login: start, end: null });
  });
});
