import fc from 'fast-check';
import { EndsHeap } from './ends-heap.js';

describe('EndsHeap', () => {
  it('returns ends in order, however pushes and pops alternate', () => {
    const step = fc.option(fc.nat(50), { freq: 3 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new EndsHeap();
        const model: number[] = [];
        for (const end of steps) {
          if (end !== null) {
            heap.push(end, end + 7);
            model.push(end);
            model.sort((a, b) => a - b);
          } else if (model.length > 0) {
            expect(heap.pop()).toBe(model.shift()! + 7);
          }
          expect(heap.earliest).toBe(model[0] ?? Infinity);
        }
      }),
    );
  });

  it('grows', () => {
    const heap = new EndsHeap();
    for (let i = 5000; i > 0; i--) heap.push(i, i);
    const popped = Array.from({ length: 5000 }, () => heap.pop());
    expect(popped).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  });
});
