import { ConcurrencyLimiter, type Release } from './concurrency-limiter.js';

/** One limit for each key, such as a caller. */
export class KeyedConcurrencyLimiter {
  private readonly limiters = new Map<string, ConcurrencyLimiter>();

  /** @param perKey reservations that one key may hold at once */
  constructor(readonly perKey: number) {}

  /** @returns null when the key has reached its limit */
  tryAcquire(key: string): Release | null {
    const limiter = this.limiters.get(key) ?? new ConcurrencyLimiter(this.perKey);
    const release = limiter.tryAcquire();
    if (!release) return null;
    this.limiters.set(key, limiter);
    return () => {
      release();
      // Unused keys are removed: over the years there may be many.
      if (limiter.idle && this.limiters.get(key) === limiter) this.limiters.delete(key);
    };
  }
}
