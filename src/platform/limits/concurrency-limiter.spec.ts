import { ConcurrencyLimiter } from './concurrency-limiter.js';

const nextMacrotask = () => new Promise((resolve) => setImmediate(resolve));

describe('ConcurrencyLimiter', () => {
  it('runs at most `limit` pieces of work at once, in the order of the calls', async () => {
    const limiter = new ConcurrencyLimiter(2);
    const started: string[] = [];
    let active = 0;
    let highest = 0;
    const start = (name: string, macrotasks: number) =>
      limiter.run(async () => {
        highest = Math.max(highest, ++active);
        started.push(name);
        for (let i = 0; i < macrotasks; i++) await nextMacrotask();
        active--;
      });
    await Promise.all([start('a', 5), start('b', 1), start('c', 1), start('d', 1)]);
    expect([started.join(''), highest]).toEqual(['abcd', 2]);
  });

  it('passes a released reservation to the first in line, not to a later tryAcquire', async () => {
    const limiter = new ConcurrencyLimiter(1);
    const release = limiter.tryAcquire()!;
    const queued = limiter.acquire();
    release();
    expect(limiter.tryAcquire()).toBeNull();
    (await queued)();
    expect(limiter.tryAcquire()).not.toBeNull();
  });

  it('releases once, however often the release is called, and also after a failure', async () => {
    const limiter = new ConcurrencyLimiter(1);
    await expect(limiter.run(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(limiter.idle).toBe(true);
    const release = limiter.tryAcquire()!;
    release();
    release();
    expect(limiter.tryAcquire()).not.toBeNull();
    expect(limiter.tryAcquire()).toBeNull();
    expect(limiter.idle).toBe(false);
  });
});
