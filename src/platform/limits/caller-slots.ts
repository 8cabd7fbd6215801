import { ProblemError } from '../http/problems/problem.js';
import { ConcurrencyLimiter, type Release } from './concurrency-limiter.js';
import { KeyedConcurrencyLimiter } from './keyed-concurrency-limiter.js';

export interface CallerSlotLimits {
  readonly total: number;
  /** So that no caller can occupy every slot. */
  readonly perCaller: number;
}

export interface CallerSlotRefusals {
  /** Detail of the refusal when every slot is in use. */
  readonly full: string;
  /** Detail of the refusal when the caller has reached its limit. */
  readonly ofCaller: string;
  /** Seconds. */
  readonly retryAfter: number;
}

/** Slots that are given at once or not at all, limited in total and for each caller. */
export class CallerSlots {
  private readonly total: ConcurrencyLimiter;
  private readonly callers: KeyedConcurrencyLimiter;

  constructor(
    { total, perCaller }: CallerSlotLimits,
    private readonly refusals: CallerSlotRefusals,
  ) {
    this.total = new ConcurrencyLimiter(total);
    this.callers = new KeyedConcurrencyLimiter(perCaller);
  }

  /** Slots that are taken now. */
  get inUse(): number {
    return this.total.inUse;
  }

  /**
   * @param caller identifies the caller: `Caller.prefix`
   * @throws ProblemError `unavailable` when every slot is in use, `too-many-requests` when the caller has reached its limit
   */
  take(caller: string): Release {
    const headers = { 'Retry-After': String(this.refusals.retryAfter) };
    const releaseSlot = this.total.tryAcquire();
    if (!releaseSlot) throw new ProblemError('unavailable', this.refusals.full, { headers });
    const releaseCaller = this.callers.tryAcquire(caller);
    if (!releaseCaller) {
      releaseSlot();
      throw new ProblemError('too-many-requests', this.refusals.ofCaller, { headers });
    }
    return () => {
      releaseSlot();
      releaseCaller();
    };
  }
}
