/** Milliseconds for which one call tries a database that is unavailable, before another one may. */
const TRIAL_MS = 3000;

/** One attempt to use the database. */
export interface Trial {
  /** @param isAvailable undefined when the attempt does not tell */
  end(isAvailable: boolean | undefined): void;
}

/**
 * Remembers since when a database cannot be used, over all callers (Nygard, "Release It!", circuit breaker). After `limitMs`
 * each further call fails after one attempt, and attempts begin one at a time: calls would otherwise queue behind others that
 * wait for their own limit.
 */
export class Availability {
  /** `performance.now()` of the first failure since the last success. */
  private failingSince: number | null = null;
  /** When the last attempt of a long outage began; null when it has ended. Attempts from before the outage do not count. */
  private triedAt: number | null = null;

  constructor(private readonly limitMs: number) {}

  /** @returns null when the database is known to be unavailable and another call is trying it */
  begin(): Trial | null {
    const now = performance.now();
    const isLong = this.isLong(now);
    if (isLong && this.triedAt !== null && now - this.triedAt < TRIAL_MS) return null;
    if (isLong) this.triedAt = now;
    return {
      end: (isAvailable) => {
        if (this.triedAt === now) this.triedAt = null;
        if (isAvailable === true) this.failingSince = null;
        if (isAvailable === false) this.failingSince ??= performance.now();
      },
    };
  }

  /** Whether a call whose attempts have failed since `firstFailure` should give up. */
  isOver(firstFailure: number): boolean {
    const now = performance.now();
    return now - firstFailure > this.limitMs || this.isLong(now);
  }

  private isLong(now: number): boolean {
    return this.failingSince !== null && now - this.failingSince > this.limitMs;
  }
}
