import fc from 'fast-check';
import { LIVE_UPPER, forkNode, holdsLive, pathNodes } from './interval-index.js';
import { propertyRuns } from '../../../../test/support/property-runs.js';

/** Seconds that often collide: small ones, powers of two and their neighbours, the ends of the range, and random ones. */
const second = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.tuple(fc.integer({ min: 0, max: 31 }), fc.integer({ min: -2, max: 2 })).map(([k, d]) => clamp(2 ** k + d)),
  fc.integer({ min: LIVE_UPPER - 20, max: LIVE_UPPER }),
  fc.integer({ min: 1_600_000_000, max: 1_600_000_040 }),
  fc.integer({ min: 1, max: LIVE_UPPER }),
);
const clamp = (n: number) => Math.min(Math.max(n, 1), LIVE_UPPER);
const interval = fc.tuple(second, second).map(([a, b]) => ({ l: Math.min(a, b), u: Math.max(a, b) }));
const RUNS = { numRuns: propertyRuns(5000) };

/** The formula as published, in unbounded integers. */
function forkNodeByDefinition(l: number, u: number): number {
  const k = BigInt((BigInt(l - 1) ^ BigInt(u)).toString(2).length - 1);
  return Number((BigInt(u) >> k) << k);
}

describe('forkNode', () => {
  it.each([
    [1, 1, 1],
    [1, LIVE_UPPER, 2 ** 31],
    [3, 5, 4],
    [5, 7, 6],
    [LIVE_UPPER, LIVE_UPPER, LIVE_UPPER],
    [2 ** 31, 2 ** 31, 2 ** 31],
    [2 ** 31 + 1, LIVE_UPPER, 2 ** 31 + 2 ** 30],
  ])('of [%d, %d] is %d', (l, u, node) => expect(forkNode(l, u)).toBe(node));

  it('agrees with the formula for all 32 bits', () => {
    fc.assert(
      fc.property(interval, ({ l, u }) => expect(forkNode(l, u)).toBe(forkNodeByDefinition(l, u))),
      RUNS,
    );
  });

  it('lies within the interval', () => {
    fc.assert(
      fc.property(interval, ({ l, u }) => {
        const node = forkNode(l, u);
        expect(l <= node && node <= u).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('pathNodes', () => {
  it('returns one node for each of the 32 levels, on the correct side of s', () => {
    fc.assert(
      fc.property(fc.oneof(second, fc.constant(0)), (s) => {
        const { left, right, own } = pathNodes(s);
        expect(new Set([...left, ...right, ...own]).size).toBe(32);
        expect(left.every((w) => w > 0 && w < s)).toBe(true);
        expect(right.every((w) => w > s && w <= LIVE_UPPER)).toBe(true);
        expect(own).toEqual(s === 0 ? [] : [s]);
      }),
      RUNS,
    );
  });

  it('finds exactly the intervals that contain s: by their upper end on the left, by the lower on the right, by both at s', () => {
    fc.assert(
      fc.property(interval, second, ({ l, u }, s) => {
        const { left, right, own } = pathNodes(s);
        const node = forkNode(l, u);
        const found =
          (left.includes(node) && u >= s) ||
          (right.includes(node) && l <= s) ||
          (own.includes(node) && l <= s && u >= s);
        expect(found).toBe(l <= s && s <= u);
      }),
      RUNS,
    );
  });

  it('finds exactly these intervals, for every interval and second below 40', () => {
    const wrong: number[][] = [];
    for (let l = 1; l < 40; l++)
      for (let u = l; u < 40; u++)
        for (let s = 0; s < 40; s++) {
          const { left, right, own } = pathNodes(s);
          const node = forkNode(l, u);
          const found = (left.includes(node) && u >= s) || (right.includes(node) && l <= s) || own.includes(node);
          if (found !== (l <= s && s <= u)) wrong.push([l, u, s]);
        }
    expect(wrong).toEqual([]);
  });
});

describe('pathNodes with milliseconds', () => {
  /** Instants within 8 seconds around 2^31 and around a recent date, so that seconds collide and milliseconds decide. */
  const base = fc.constantFrom(2 ** 31 * 1000, 1_600_000_000_000, 2000);
  const triple = fc.tuple(
    base,
    fc.integer({ max: 8000, min: 0 }),
    fc.integer({ max: 8000, min: 0 }),
    fc.integer({ max: 8000, min: 0 }),
  );

  it('needs end > S on the left, login < S on the right, and both at S, also for live sessions', () => {
    fc.assert(
      fc.property(triple, fc.boolean(), ([from, a, b, c], live) => {
        const login = from + Math.min(a, b);
        const end = live ? Infinity : from + Math.max(a, b);
        const start = from + c;
        const node = forkNode(Math.floor(login / 1000), live ? LIVE_UPPER : Math.floor(end / 1000));
        const { left, right, own } = pathNodes(Math.floor(start / 1000));
        const found =
          (left.includes(node) && end > start) ||
          (right.includes(node) && login < start) ||
          (own.includes(node) && login < start && end > start);
        expect(found).toBe(login < start && end > start);
      }),
      RUNS,
    );
  });
});

describe('holdsLive', () => {
  it('is true of the node of every live session', () => {
    fc.assert(
      fc.property(second, (l) => expect(holdsLive(forkNode(l, LIVE_UPPER))).toBe(true)),
      RUNS,
    );
  });

  it('is true of 32 nodes and no other', () => {
    const nodes = Array.from({ length: 32 }, (_, k) => 2 ** 32 - 2 ** k);
    expect(nodes.every(holdsLive)).toBe(true);
    fc.assert(
      fc.property(second, (node) => expect(holdsLive(node)).toBe(nodes.includes(node))),
      RUNS,
    );
  });
});
