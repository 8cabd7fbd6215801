import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

/** A database engine that every end-to-end test runs on. */
export interface TestEngine {
  /** For the titles of tests: `sqlite`, `mariadb 10.11.6`, `mysql 9.7.0`. */
  readonly name: string;
  /** `mysql://user:password@host:port/`, the account may create databases; absent for SQLite. */
  readonly url?: string;
  /** Started by the test set-up, as opposed to named by TEST_MYSQL_URL. */
  readonly own?: boolean;
}

/** As the global set-up found them: SQLite and at least one server. */
export const engines: TestEngine[] = readEngines();

function readEngines(): TestEngine[] {
  const json = process.env.TEST_ENGINES;
  if (!json) throw new Error('TEST_ENGINES is not set: this test belongs to the project e2e, run it with npm test');
  return JSON.parse(json) as TestEngine[];
}

export interface FreshDatabase {
  /** For DATABASE_URL. */
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database of a random name, so that tests can run side by side. Whoever asks for it drops it. */
export async function freshDatabase(engine: TestEngine): Promise<FreshDatabase> {
  if (engine.url === undefined) return freshFile();
  const server = engine.url;
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  return { url: new URL(name, server).href, drop: () => execute(server, `DROP DATABASE IF EXISTS ${name}`) };
}

async function freshFile(): Promise<FreshDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'test-sqlite-'));
  return {
    url: `sqlite:${join(directory, 'test.db')}`,
    drop: () => rm(directory, { recursive: true, force: true }),
  };
}

async function execute(server: string, sql: string): Promise<void> {
  const connection = await createConnection(server);
  try {
    await connection.query('SET lock_wait_timeout = 10'); // a transaction left open fails the test instead of hanging it
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
