import { setTimeout as pause } from 'node:timers/promises';
import { isUnavailable } from '../engines/database-errors.js';
import { backoffMs } from '../transactions/retry.js';

/** Repeats reads whose connection was lost: they change nothing, so another connection gives the same. */
export class RepeatedReads {
  /** `performance.now()` of the first failure since the last success of any read. */
  private failingSince: number | null = null;

  /** @param limitMs how long reads are repeated while the database is unavailable, over all callers */
  constructor(private readonly limitMs: number) {}

  /**
   * @param read a read from its beginning
   * @param mayRepeat false as soon as something of the result has left
   * @throws the last error
   */
  async run<T>(read: () => Promise<T>, mayRepeat: () => boolean = () => true): Promise<T> {
    let firstFailure: number | undefined;
    for (let n = 0; ; n++) {
      try {
        const result = await read();
        this.failingSince = null;
        return result;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        const now = performance.now();
        firstFailure ??= now;
        this.failingSince ??= now;
        if (!mayRepeat() || now - Math.min(firstFailure, this.failingSince) > this.limitMs) throw error;
      }
      await pause(backoffMs(n));
    }
  }
}
