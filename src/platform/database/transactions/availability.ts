/** One attempt to use the database. */
export interface Trial {
  /** @param isAvailable undefined when the attempt does not tell */
  end(isAvailable: boolean | undefined): void;
}

/**
 * Remembers since when a database cannot be used, over all callers: after `limitMs` each further call fails after one attempt,
 * and attempts are made one at a time. Calls would otherwise queue behind others that wait for their own limit.
 */
export class Availability {
  /** `performance.now()` of the first failure since the last success. */
  private failingSince: number | null = null;
  private attempts = 0;

  constructor(private readonly limitMs: number) {}

  /** @returns null when the database is known to be unavailable and another call is trying it */
  begin(): Trial | null {
    if (this.attempts > 0 && this.isLong(performance.now())) return null;
    this.attempts++;
    return {
      end: (isAvailable) => {
        this.attempts--;
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
