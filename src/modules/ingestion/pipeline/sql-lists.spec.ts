import fc from 'fast-check';
import { byKey } from './sql-lists.js';

const style = { maxGroups: 100, literal: (value: string | number) => JSON.stringify(value) };

describe('byKey', () => {
  it('names every pair exactly once, within the limits of a statement', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer().map(String)), { maxLength: 3000 });
    fc.assert(
      fc.property(pairs, (given) => {
        const named: string[] = [];
        for (const where of byKey(['a', 'b'], given, style)) {
          const groups = where.split(' OR ');
          expect(groups.length).toBeLessThanOrEqual(100);
          const before = named.length;
          for (const group of groups) {
            const [, a, list] = /^\(a = (\d+) AND b (?:= |IN \()(.*?)\)+$/.exec(group)!;
            for (const b of JSON.parse(`[${list}]`) as string[]) named.push(`${a} ${b}`);
          }
          expect(named.length - before).toBeLessThanOrEqual(1000);
        }
        expect(named.sort()).toEqual([...new Set(given.map(([a, b]) => `${a} ${b}`))].sort());
      }),
      { numRuns: 20 },
    );
  });

  it('gives no condition for no pairs', () => {
    expect([...byKey(['a', 'b'], [], style)]).toEqual([]);
  });
});
