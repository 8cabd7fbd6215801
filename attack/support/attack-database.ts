import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { DurableServer } from '../../test/support/durable-server.mjs';

/** A private, empty database. */
export interface AttackDatabase {
  /** Value for DATABASE_URL. */
  readonly url: string;
  /** Transactions that are open now; on SQLite 1 if any reader or writer is in one. */
  openTransactions(): Promise<number>;
  remove(): Promise<void>;
}

/** @param engine `sqlite`, or `server` for the MySQL or MariaDB of this machine */
export function attackDatabase(engine: 'sqlite' | 'server'): Promise<AttackDatabase> {
  return engine === 'sqlite' ? sqliteDatabase() : serverDatabase();
}

async function sqliteDatabase(): Promise<AttackDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'attack-'));
  const path = join(directory, 'sessions.db');
  return {
    url: `sqlite:${path}`,
    openTransactions: async () => {
      const db = new Database(path, { timeout: 0 });
      try {
        // A checkpoint that truncates the log needs every reader and writer to be outside a transaction.
        const [{ busy }] = db.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
        return busy;
      } finally {
        db.close();
      }
    },
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function serverDatabase(): Promise<AttackDatabase> {
  const server = new DurableServer();
  const base = await server.create();
  const connection = await createConnection(base);
  await connection.query('CREATE DATABASE attack');
  return {
    url: new URL('attack', base).href,
    openTransactions: async () => {
      const [rows] = await connection.query('SELECT COUNT(*) AS open FROM information_schema.innodb_trx');
      return Number((rows as { open: number }[])[0]!.open);
    },
    remove: async () => {
      await connection.end();
      await server.remove();
    },
  };
}
