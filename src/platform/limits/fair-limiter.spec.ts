import fc from 'fast-check';
import type { Release } from './concurrency-limiter.js';
import { FairLimiter } from './fair-limiter.js';

const LIMITS = { total: 3, perCaller: 2, maxWaitMs: 60_000 };

/** Requests a reservation. `log` receives the name once it is granted. */
function request(limiter: FairLimiter, caller: string, log: string[], releases: Release[], signal?: AbortSignal) {
  return limiter.acquire(caller, signal).then((release) => {
    log.push(caller);
    releases.push(release);
  });
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('FairLimiter', () => {
  it('grants a free reservation to the callers in turn, however many requests one of them has', async () => {
    const limiter = new FairLimiter({ total: 1, perCaller: 1, maxWaitMs: 60_000 });
    const [log, releases]: [string[], Release[]] = [[], []];
    for (const caller of 'aaaabbc') void request(limiter, caller, log, releases);
    for (let n = 0; n < 7; n++) {
      await settle();
      releases[n]!();
    }
    expect(log.join('')).toBe('abcabaa');
  });

  it('leaves room for other callers while one has all its reservations', async () => {
    const limiter = new FairLimiter(LIMITS);
    const [log, releases]: [string[], Release[]] = [[], []];
    for (const caller of 'aaaab') void request(limiter, caller, log, releases);
    await settle();
    expect(log.join('')).toBe('aab');
  });

  it('never exceeds its limits, and leaves no reservation and no caller behind', async () => {
    const caller = fc.constantFrom('a', 'b', 'c', 'd');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(caller, fc.nat(3)), { maxLength: 30 }), async (work) => {
        const limiter = new FairLimiter(LIMITS);
        const active = new Map<string, number>();
        const of = (name: string) => active.get(name) ?? 0;
        const run = async ([name, turns]: [string, number]) => {
          const release = await limiter.acquire(name);
          active.set(name, of(name) + 1);
          expect(of(name)).toBeLessThanOrEqual(LIMITS.perCaller);
          expect([...active.values()].reduce((a, b) => a + b)).toBeLessThanOrEqual(LIMITS.total);
          for (let n = 0; n < turns; n++) await settle();
          active.set(name, of(name) - 1);
          release();
          release();
        };
        await Promise.all(work.map(run));
        expect(limiter).toMatchObject({ active: 0, callers: new Map() });
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a caller after the wait while others hold everything, but not one that waits for its own work', async () => {
    const limiter = new FairLimiter({ total: 2, perCaller: 2, maxWaitMs: 20 });
    const [log, releases]: [string[], Release[]] = [[], []];
    for (const caller of 'aaa') void request(limiter, caller, log, releases);
    await expect(limiter.acquire('b')).rejects.toMatchObject({ code: 'unavailable' });
    expect(limiter).toHaveProperty('callers.size', 1);
    releases[0]!();
    await settle();
    expect(log.join('')).toBe('aaa');
  });

  it('forgets a request whose caller leaves', async () => {
    const limiter = new FairLimiter({ total: 1, perCaller: 1, maxWaitMs: 60_000 });
    const [log, releases]: [string[], Release[]] = [[], []];
    const leaving = new AbortController();
    void request(limiter, 'a', log, releases);
    const lost = request(limiter, 'b', log, releases, leaving.signal);
    void request(limiter, 'c', log, releases);
    leaving.abort(new Error('left'));
    await expect(lost).rejects.toThrow('left');
    releases[0]!();
    await settle();
    expect(log.join('')).toBe('ac');
  });
});
