import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * Locks a directory for one process, with the lock that SQLite takes on a file in it. The operating system releases this
 * lock when the process ends, even after kill -9, so it is never stale. A file with a process id would be ambiguous when
 * ids are reused. Node has no file locks.
 */
export class FolderLock {
  private readonly file: Database.Database;

  /** @throws Error that names the directory if another process holds the lock, or the file system error */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = new Database(join(folder, 'lock'), { timeout: 0 });
    try {
      // Nothing is ever written, so no journal is needed.
      this.file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      this.file.close();
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
      throw new Error(`another process uses the folder ${folder}; each process needs a separate folder`, {
        cause: error,
      });
    }
  }

  release(): void {
    this.file.close();
  }
}
