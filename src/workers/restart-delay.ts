const FIRST_MS = 100;
const LONGEST_MS = 30_000;
/** A worker that served this long starts again without a longer delay. */
const STABLE_MS = 60_000;

/** Exponential backoff for a worker that ends again and again. */
export class RestartDelay {
  private failures = 0;
  private startedAt: number | undefined;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** The worker serves. */
  started(): void {
    this.startedAt = this.nowMs();
  }

  /** The worker has ended. @returns milliseconds until the next one starts */
  next(): number {
    if (this.startedAt !== undefined && this.nowMs() - this.startedAt >= STABLE_MS) this.failures = 0;
    this.startedAt = undefined;
    return Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures++);
  }
}
