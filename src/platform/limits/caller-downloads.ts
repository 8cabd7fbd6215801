import { ProblemError } from '../http/problems/problem.js';

/** So many long answers at a time for one caller, so that none takes all the download slots there are. */
export class CallerDownloads {
  private readonly taken = new Map<string, number>();

  constructor(private readonly perCaller: number) {}

  /**
   * @param callerPrefix names the caller: `Caller.prefix`
   * @returns gives the place back; safe to call twice
   * @throws ProblemError `too-many-requests` when the caller has as many as it may
   */
  take(callerPrefix: string): () => void {
    const taken = this.taken.get(callerPrefix) ?? 0;
    if (taken >= this.perCaller) {
      const detail = `This caller has ${taken} long answers under way, which is all it may have; wait until one has ended.`;
      throw new ProblemError('too-many-requests', detail, { headers: { 'Retry-After': '5' } });
    }
    this.taken.set(callerPrefix, taken + 1);
    let held = true;
    return () => {
      if (held) this.giveBack(callerPrefix);
      held = false;
    };
  }

  /** Callers without a download are forgotten: there may be many over the years. */
  private giveBack(callerPrefix: string): void {
    const left = this.taken.get(callerPrefix)! - 1;
    if (left === 0) this.taken.delete(callerPrefix);
    else this.taken.set(callerPrefix, left);
  }
}
