import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/** Creates the file and its folder when they are missing, readable by their owner only. SQLite gives its log the same mode. */
export function createSqliteFile(path: string): void {
  if (path === ':memory:') return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

/** WAL lets readers continue while one connection writes; FULL makes a commit durable before it returns. */
export function prepareWriter(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 10000');
}

/** A write on this connection fails: writes belong to the connection of `Transactions`. */
export function prepareReader(db: Database.Database): void {
  db.pragma('query_only = ON');
  db.pragma('busy_timeout = 10000');
}

export function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    return db.prepare('SELECT sqlite_version()').pluck().get() as string;
  } finally {
    db.close();
  }
}
