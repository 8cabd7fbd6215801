import fc from 'fast-check';
import { byKey, rowChunks } from './sql-lists.js';

describe('byKey', () => {
  it('names every pair exactly once, within the limits of a statement', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer().map(String)), { maxLength: 3000 });
    fc.assert(
      fc.property(pairs, (given) => {
        const named: string[] = [];
        for (const [where, params] of byKey('a', 'b', given)) {
          expect(where.split(' OR ').length).toBeLessThanOrEqual(100);
          expect(params.length).toBe(where.split('?').length - 1);
          expect(params.length).toBeLessThanOrEqual(1500);
          let at = 0;
          for (const group of where.split(' OR ')) {
            const values = params.slice(at, (at += group.split('?').length - 1));
            for (const value of values.slice(1)) named.push(`${values[0]} ${value}`);
          }
        }
        expect(named.sort()).toEqual([...new Set(given.map(([a, b]) => `${a} ${b}`))].sort());
      }),
      { numRuns: 20 },
    );
  });

  it('gives no condition for no pairs', () => {
    expect([...byKey('a', 'b', [])]).toEqual([]);
  });
});

describe('rowChunks', () => {
  it('ends a chunk before it passes the size, and lets one large row stand alone', () => {
    expect([...rowChunks([300_000, 100_000, 1, 900_000, 2], (n) => n)]).toEqual([
      [300_000, 100_000],
      [1],
      [900_000],
      [2],
    ]);
  });
});
