import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Pages of one step: short enough for a progress bar, and long enough for the speed of the disk. */
const PAGES_PER_STEP = 2000;

/**
 * Copies the database while other processes read and write it. The copy is the state at the start: an open read transaction
 * keeps later writes out of it, and spares the copy from starting again after each of them
 * (https://www.sqlite.org/backup.html).
 *
 * @param onProgress receives the part that is copied, 0 to 1
 * @throws Error when the file is missing or no database, or the destination cannot be written
 */
export async function copySqliteDatabase(
  from: string,
  to: string,
  onProgress: (part: number) => void = () => {},
): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true });
  try {
    source.exec('BEGIN');
    source.prepare('SELECT COUNT(*) FROM sqlite_schema').get();
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
        return PAGES_PER_STEP;
      },
    });
    source.exec('COMMIT');
  } finally {
    source.close();
  }
  chmodSync(to, 0o600);
  // The copied header asks for a write-ahead log, even from a program that only reads.
  closeSqliteLog(to);
}

/** @throws Error when the structure of the database is damaged */
export function checkSqliteDatabase(path: string): void {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const result = db.pragma('quick_check(1)', { simple: true }) as string;
    if (result !== 'ok') throw new Error(`The database ${path} is damaged: ${result}`);
  } finally {
    db.close();
  }
}

/**
 * Merges the write-ahead log into the database, so that the file alone is complete.
 *
 * @throws Error when another process has the database open: SQLite leaves the mode of the log only with the last connection
 */
export function closeSqliteLog(path: string): void {
  const db = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    db.pragma('journal_mode = DELETE');
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new Error(`Another process uses the database ${path}. Stop it first.`, { cause: error });
  } finally {
    db.close();
  }
}
