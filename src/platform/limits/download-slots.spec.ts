import fc from 'fast-check';
import { ProblemError } from '../http/problems/problem.js';
import { DownloadSlots } from './download-slots.js';
import { FairLimiter } from './fair-limiter.js';

const beginnings = new FairLimiter({ total: 1, perCaller: 1, maxWaitMs: 1000 });

describe('DownloadSlots', () => {
  it('refuses exactly while the caller, or all callers together, have reached the limit', () => {
    const step = fc.record({ caller: fc.constantFrom('a', 'b', 'c'), release: fc.option(fc.nat(20)) });
    const limit = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(
        limit,
        fc.integer({ min: 1, max: 6 }),
        fc.array(step, { maxLength: 40 }),
        (perCaller, total, steps) => {
          const slots = new DownloadSlots({ total, perCaller, maxMs: 1 }, beginnings);
          const held: { caller: string; release: () => void }[] = [];
          for (const { caller, release } of steps) {
            const ofCaller = held.filter((h) => h.caller === caller).length;
            if (release !== null) {
              const [ended] = held.splice(release % Math.max(held.length, 1), 1);
              ended?.release();
              ended?.release(); // a second call has no effect
            } else if (held.length < total && ofCaller < perCaller) {
              held.push({ caller, release: slots.take(caller) });
            } else {
              expect(() => slots.take(caller)).toThrow(ProblemError);
            }
          }
        },
      ),
    );
  });

  it.each([
    ['every slot is in use', { total: 1, perCaller: 2 }, 'b', 503],
    ['the caller has reached its limit', { total: 2, perCaller: 1 }, 'a', 429],
  ])('says when to try again while %s', (_when, limits, caller, status) => {
    const slots = new DownloadSlots({ ...limits, maxMs: 1 }, beginnings);
    slots.take('a');
    const refused = expect.objectContaining({ status, headers: { 'Retry-After': '5' } }) as ProblemError;
    expect(() => slots.take(caller)).toThrow(refused);
  });
});
