/** Ends a reservation. Calling it again has no effect. */
export type Release = () => void;

/**
 * A counting semaphore with a FIFO queue: at most `limit` reservations exist at any time.
 *
 * Own code, because download and ingest slots need a synchronous `tryAcquire` with an idempotent release: async-mutex's
 * Semaphore acquires through a promise only, and p-limit and cockatiel's bulkhead only run functions.
 */
export class ConcurrencyLimiter {
  private readonly queue: ((release: Release) => void)[] = [];
  private active = 0;

  /** @param limit at least 1 */
  constructor(readonly limit: number) {}

  /** True while nothing is reserved; an idle limiter may be discarded. */
  get idle(): boolean {
    return this.active === 0;
  }

  /** Reservations that exist now. */
  get inUse(): number {
    return this.active;
  }

  /** Waits until a reservation is available. Waiting callers are served in the order of their calls. */
  acquire(): Promise<Release> {
    const release = this.tryAcquire();
    if (release) return Promise.resolve(release);
    return new Promise((resolve) => this.queue.push(resolve));
  }

  /** @returns null when the limit is reached */
  tryAcquire(): Release | null {
    if (this.active >= this.limit) return null;
    this.active++;
    return this.newRelease();
  }

  /** Runs `work` within one reservation, which ends with the returned promise. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.acquire();
    try {
      return await work();
    } finally {
      release();
    }
  }

  private newRelease(): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.queue.shift();
      // The reservation passes to the next in line, so `active` does not change and no later request can overtake it.
      if (next) next(this.newRelease());
      else this.active--;
    };
  }
}
