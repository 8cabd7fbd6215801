import { ProblemError } from '../http/problems/problem.js';
import type { CallerDownloads } from './caller-downloads.js';

/** A fixed number of long answers at a time; each holds a database connection for as long as its reader takes. */
export class DownloadSlots {
  private free: number;

  /** @param maxMs milliseconds after which a long answer is broken off, however steadily it is read */
  constructor(
    slots: number,
    readonly maxMs: number,
    private readonly perCaller: CallerDownloads,
  ) {
    this.free = slots;
  }

  /**
   * @param caller prefix of the caller's key
   * @throws ProblemError `unavailable` when all are taken, `too-many-requests` when the caller has as many as it may
   */
  take(caller: string): () => void {
    if (this.free === 0) {
      const detail = 'All slots for long answers are in use; try again shortly, or ask for a shorter window.';
      throw new ProblemError('unavailable', detail, { headers: { 'Retry-After': '5' } });
    }
    const giveBack = this.perCaller.take(caller);
    this.free--;
    let held = true;
    return () => {
      if (held) this.free++;
      held = false;
      giveBack();
    };
  }
}
