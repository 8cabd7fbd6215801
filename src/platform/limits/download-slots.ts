import { CallerSlots } from './caller-slots.js';
import type { FairLimiter } from './fair-limiter.js';

export interface DownloadLimits {
  /** Long answers that may be under way at once. */
  readonly total: number;
  /** Long answers that one caller may have under way. */
  readonly perCaller: number;
  /** Milliseconds after which a long answer is aborted, however fast it is read. */
  readonly maxMs: number;
}

/** Limits the long answers under way. Each one holds a database connection until its reader has finished. */
export class DownloadSlots extends CallerSlots {
  readonly maxMs: number;

  /** @param beginnings limits the work until an answer has ended or is known to be long */
  constructor(
    { total, perCaller, maxMs }: DownloadLimits,
    readonly beginnings: FairLimiter,
  ) {
    super(
      { total, perCaller },
      {
        full: 'All slots for long answers are in use; try again shortly, or ask for a shorter window.',
        ofCaller: `This caller has ${perCaller} long answers under way, which is its limit; wait until one has ended.`,
        retryAfter: 5,
      },
    );
    this.maxMs = maxMs;
  }
}
