import type { PoolObserver } from '../connection/pool-wait.js';
import { encodeRows } from './raw-rows.js';
import { SqliteReader } from './sqlite-reader.js';
import { StatementTurns } from './statement-turns.js';
import { type Snapshot, SnapshotClosedError, Snapshots } from './snapshots.js';

/**
 * Idle read connections that are kept, with their prepared statements: as many as answers are computed at the same time by
 * default (`DB_POOL_SIZE`). A new one has to read the schema, whose node expression is long.
 */
const MAX_IDLE = 10;

/** Each snapshot is a read transaction on its own connection; with the write-ahead log no writer waits for it. */
export class SqliteSnapshots extends Snapshots {
  private readonly idle: SqliteReader[] = [];
  private readonly used = new Set<Snapshot>();
  private readonly turns = new StatementTurns();
  private closed = false;

  constructor(
    private readonly path: string,
    observer?: PoolObserver,
  ) {
    super();
    observer?.watch(() => ({ inUse: this.used.size, waiting: 0 }));
  }

  override async open(signal: AbortSignal): Promise<Snapshot> {
    signal.throwIfAborted();
    if (this.closed) throw new SnapshotClosedError();
    const reader = this.idle.pop() ?? new SqliteReader(this.path);
    reader.begin();
    const snapshot = this.snapshot(reader, signal);
    this.used.add(snapshot);
    return snapshot;
  }

  override async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.used].map((snapshot) => snapshot.release()));
    for (const reader of this.idle.splice(0)) reader.close();
  }

  private snapshot(reader: SqliteReader, signal: AbortSignal): Snapshot {
    let open = true;
    let spentMs = 0;
    const rows = async (sql: string, params: readonly unknown[] = []) => {
      signal.throwIfAborted();
      await this.turns.next(spentMs);
      // A reader that did not wait for this page may have released the connection in the meantime.
      if (!open) throw new SnapshotClosedError();
      const began = performance.now();
      try {
        return reader.rows(sql, params);
      } finally {
        spentMs += performance.now() - began;
      }
    };
    const snapshot: Snapshot = {
      // The file stays open, so it cannot be replaced by another one.
      epoch: 0,
      rows,
      rawRows: async (sql, params) => encodeRows((await rows(sql, params)) as (string | number | null)[][]),
      release: async () => {
        if (!open) return;
        open = false;
        this.used.delete(snapshot);
        reader.commit();
        if (this.idle.length < MAX_IDLE && !this.closed) this.idle.push(reader);
        else reader.close();
      },
    };
    return snapshot;
  }
}
