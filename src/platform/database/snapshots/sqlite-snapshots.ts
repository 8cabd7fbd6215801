import Database from 'better-sqlite3';
import { encodeRows } from './raw-rows.js';
import { type Snapshot, Snapshots } from './snapshots.js';

/** How many idle read connections are kept; opening one costs well under a millisecond. */
const KEEP = 4;

/** Each snapshot is a read transaction on a connection of its own; with the write-ahead log no writer waits for it. */
export class SqliteSnapshots extends Snapshots {
  private readonly idle: Database.Database[] = [];

  constructor(private readonly path: string) {
    super();
  }

  override async open(signal: AbortSignal): Promise<Snapshot> {
    signal.throwIfAborted();
    const db = this.idle.pop() ?? new Database(this.path, { readonly: true, fileMustExist: true, timeout: 10_000 });
    db.exec('BEGIN');
    let open = true;
    const rows = async (sql: string, params: readonly unknown[] = []) => {
      signal.throwIfAborted();
      // The driver is synchronous: other requests get their turn between two pages.
      await new Promise(setImmediate);
      // Whoever went on without waiting for this page may have given the connection back meanwhile.
      if (!open) throw new Error('The snapshot is closed.');
      return db
        .prepare(sql)
        .raw()
        .all(...params) as unknown[][];
    };
    return {
      rows,
      rawRows: async (sql, params) => encodeRows((await rows(sql, params)) as (string | number | null)[][]),
      release: async () => {
        if (!open) return;
        open = false;
        db.exec('COMMIT');
        if (this.idle.length < KEEP) this.idle.push(db);
        else db.close();
      },
    };
  }

  override async close(): Promise<void> {
    for (const db of this.idle.splice(0)) db.close();
  }
}
