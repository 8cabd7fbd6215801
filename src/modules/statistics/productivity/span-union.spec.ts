import fc from 'fast-check';
import { SpanUnion } from './span-union.js';

describe('SpanUnion', () => {
  it('covers exactly the instants of its spans, with disjoint spans in order', () => {
    const aSpan = fc.tuple(fc.nat({ max: 400 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(aSpan, { maxLength: 300 }), (spans) => {
        const union = new SpanUnion();
        const covered = new Set<number>();
        for (const [from, length] of spans) {
          union.add(from, from + length);
          for (let i = 0; i < length; i++) covered.add(from + i);
        }
        const merged = union.merged();
        expect([...merged].sort((a, b) => a - b)).toEqual([...merged]);
        expect(new Set(merged).size).toBe(merged.length);
        const instants = new Set<number>();
        for (let i = 0; i < merged.length; i += 2) for (let t = merged[i]!; t < merged[i + 1]!; t++) instants.add(t);
        expect(instants).toEqual(covered);
      }),
    );
  });
});
