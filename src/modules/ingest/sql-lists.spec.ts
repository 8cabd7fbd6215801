import fc from 'fast-check';
import { byKey } from './sql-lists.js';

describe('byKey', () => {
  it('names every pair exactly once, within the limits of a statement', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer().map(String)), { maxLength: 3000 });
    fc.assert(
      fc.property(pairs, (given) => {
        const named: string[] = [];
        for (const [where, params] of byKey(['a', 'b'], given, 100)) {
          expect(where.split(' OR ').length).toBeLessThanOrEqual(100);
          expect(params.length).toBe(where.split('?').length - 1);
          expect(params.length).toBeLessThanOrEqual(3000);
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
    expect([...byKey(['a', 'b'], [], 100)]).toEqual([]);
  });
});
