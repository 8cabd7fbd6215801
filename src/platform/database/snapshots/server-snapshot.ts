import type { Connection, PoolConnection } from 'mysql2';
import { ProblemError } from '../../http/problems/problem.js';
import { isTimeLimit } from '../engines/database-errors.js';
import { rawQuery } from './raw-query.js';
import type { RawRows } from './raw-rows.js';
import { SnapshotClosedError, type Snapshot } from './snapshots.js';

export interface SnapshotContext {
  readonly epoch: number;
  /** Ends the statement that the connection runs. */
  kill(): void;
  failed(error: unknown): void;
}

/**
 * One checkout of a pooled connection. From `release` on it sends nothing and kills nothing: the connection may already
 * serve another caller.
 */
export class ServerSnapshot implements Snapshot {
  private open = true;
  private broken = false;
  /** Statements sent and not answered yet. */
  private running = 0;

  constructor(
    private readonly connection: PoolConnection,
    private readonly signal: AbortSignal,
    private readonly context: SnapshotContext,
  ) {
    signal.addEventListener('abort', this.onAbort);
  }

  get epoch(): number {
    return this.context.epoch;
  }

  rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
    return this.guarded(() => query(this.connection, sql, params));
  }

  rawRows(sql: string, params: readonly unknown[] = []): Promise<RawRows> {
    return this.guarded(() => rawQuery(this.connection, sql, params));
  }

  async release(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    this.signal.removeEventListener('abort', this.onAbort);
    const { connection } = this;
    if (this.running > 0) {
      // No caller awaits the result of the running statement. The connection is destroyed when the last statement has ended: see `guarded`.
      if (!this.signal.aborted) this.context.kill();
      return;
    }
    // After a fault, or with a KILL on its way, the connection must not reach another caller.
    if (this.broken || this.signal.aborted) return connection.destroy();
    // Not awaited: no answer depends on the end of a transaction that only read.
    query(connection, 'COMMIT', []).then(
      () => connection.release(),
      () => connection.destroy(),
    );
  }

  private readonly onAbort = (): void => {
    if (this.running > 0) this.context.kill();
  };

  private async guarded<T>(statement: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    if (!this.open) throw new SnapshotClosedError();
    this.running++;
    try {
      return await statement();
    } catch (error) {
      this.broken = true;
      this.signal.throwIfAborted();
      if (this.open) this.context.failed(error);
      if (isTimeLimit(error))
        throw new ProblemError('time-limit', 'The database ended the statement at its time limit.', {
          headers: { 'Retry-After': '30' },
        });
      throw error;
    } finally {
      this.running--;
      if (!this.open && this.running === 0) this.connection.destroy();
    }
  }
}

export function query(
  connection: Pick<Connection, 'query'>,
  sql: string,
  values: readonly unknown[],
): Promise<unknown[][]> {
  return new Promise((resolve, reject) =>
    connection.query({ sql, values: [...values], rowsAsArray: true }, (error, rows) =>
      error ? reject(error) : resolve(rows as unknown as unknown[][]),
    ),
  );
}
