import type { RawRows } from '../snapshots/raw-rows.js';
import type { Snapshot } from '../snapshots/snapshots.js';

/** Reports the errors of a snapshot. */
export class WatchedSnapshot implements Snapshot {
  constructor(
    private readonly inner: Snapshot,
    private readonly onError: (error: unknown) => void,
  ) {}

  get epoch(): number {
    return this.inner.epoch;
  }

  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]> {
    return this.reported(this.inner.rows(sql, params));
  }

  rawRows(sql: string, params?: readonly unknown[]): Promise<RawRows> {
    return this.reported(this.inner.rawRows(sql, params));
  }

  release(): Promise<void> {
    return this.inner.release();
  }

  private async reported<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      this.onError(error);
      throw error;
    }
  }
}
