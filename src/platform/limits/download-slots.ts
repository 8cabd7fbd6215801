import { ProblemError } from '../http/problems/problem.js';
import { ConcurrencyLimiter, type Release } from './concurrency-limiter.js';
import { KeyedConcurrencyLimiter } from './keyed-concurrency-limiter.js';

export interface DownloadLimits {
  /** Long answers that may be under way at once. */
  readonly total: number;
  /** Long answers that one caller may have under way, so that no caller can occupy every slot. */
  readonly perCaller: number;
  /** Milliseconds after which a long answer is aborted, however fast it is read. */
  readonly maxMs: number;
}

const RETRY_LATER = { headers: { 'Retry-After': '5' } };

/** Limits the long answers under way. Each one holds a database connection until its reader has finished. */
export class DownloadSlots {
  readonly maxMs: number;
  private readonly total: ConcurrencyLimiter;
  private readonly callers: KeyedConcurrencyLimiter;

  constructor({ total, perCaller, maxMs }: DownloadLimits) {
    this.maxMs = maxMs;
    this.total = new ConcurrencyLimiter(total);
    this.callers = new KeyedConcurrencyLimiter(perCaller);
  }

  /** Long answers under way. */
  get inUse(): number {
    return this.total.inUse;
  }

  /**
   * @param caller identifies the caller: `Caller.prefix`
   * @throws ProblemError `unavailable` when every slot is in use, `too-many-requests` when the caller has reached its limit
   */
  take(caller: string): Release {
    const releaseSlot = this.total.tryAcquire();
    if (!releaseSlot) {
      const detail = 'All slots for long answers are in use; try again shortly, or ask for a shorter window.';
      throw new ProblemError('unavailable', detail, RETRY_LATER);
    }
    const releaseCaller = this.callers.tryAcquire(caller);
    if (!releaseCaller) {
      releaseSlot();
      const detail = `This caller has ${this.callers.perKey} long answers under way, which is its limit; wait until one has ended.`;
      throw new ProblemError('too-many-requests', detail, RETRY_LATER);
    }
    return () => {
      releaseSlot();
      releaseCaller();
    };
  }
}
