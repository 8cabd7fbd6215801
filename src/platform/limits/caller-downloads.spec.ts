import fc from 'fast-check';
import { CallerDownloads } from './caller-downloads.js';
import { ProblemError } from '../http/problems/problem.js';

describe('the downloads of a caller', () => {
  it('are refused exactly while that caller has as many as it may, whatever others have', () => {
    const step = fc.record({ caller: fc.constantFrom('a', 'b'), release: fc.option(fc.nat(20)) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 40 }), (limit, steps) => {
        const downloads = new CallerDownloads(limit);
        const held: { caller: string; giveBack: () => void }[] = [];
        for (const { caller, release } of steps) {
          if (release !== null) {
            const [ended] = held.splice(release % Math.max(held.length, 1), 1);
            ended?.giveBack();
            ended?.giveBack(); // a second time changes nothing
          } else if (held.filter((h) => h.caller === caller).length < limit) {
            held.push({ caller, giveBack: downloads.take(caller) });
          } else {
            expect(() => downloads.take(caller)).toThrow(ProblemError);
          }
        }
      }),
    );
  });

  it('say when to come back', () => {
    const downloads = new CallerDownloads(1);
    downloads.take('a');
    try {
      downloads.take('a');
      throw new Error('was not refused');
    } catch (error) {
      expect(error).toMatchObject({ status: 429, headers: { 'Retry-After': '5' } });
    }
  });
});
