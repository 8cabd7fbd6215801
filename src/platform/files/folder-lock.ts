import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * Gives a folder to one process, by the lock that SQLite takes on a file in it. The operating system takes such a lock
 * back when the process ends, also by kill -9, so none is ever stale; a file with a process id in it would have to be
 * told from that of a process which happens to have the same one. Node has no lock on files of its own.
 */
export class FolderLock {
  private readonly file: Database.Database;

  /** @throws Error that names the folder when another process has it, or that of the file system */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = new Database(join(folder, 'lock'), { timeout: 0 });
    try {
      // Nothing is ever written, and no journal need lie beside it.
      this.file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      this.file.close();
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
      throw new Error(`another process has the folder ${folder}; each needs one of its own`, { cause: error });
    }
  }

  release(): void {
    this.file.close();
  }
}
