import { randomBytes } from 'node:crypto';
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

/** On the server that `TEST_MYSQL_URL` names, or on a private one. Other work on that server would count as open transactions. */
async function serverDatabase(): Promise<AttackDatabase> {
  const given = process.env.TEST_MYSQL_URL;
  const server = given ? undefined : new DurableServer();
  const base = given ?? (await server!.create());
  const name = `attack_${randomBytes(4).toString('hex')}`;
  const connection = await createConnection(base);
  await connection.query(`CREATE DATABASE ${name}`);
  return {
    url: new URL(name, base).href,
    openTransactions: async () => {
      const [rows] = await connection.query('SELECT COUNT(*) AS open FROM information_schema.innodb_trx');
      return Number((rows as { open: number }[])[0]!.open);
    },
    remove: async () => {
      await connection.query(`DROP DATABASE ${name}`);
      await connection.end();
      await server?.remove();
    },
  };
}
