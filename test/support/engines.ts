import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

/** A database engine that every end-to-end test runs on. */
export interface TestEngine {
  /** Used in test titles: `sqlite`, `mariadb 10.11.6`, `mysql 9.7.0`. */
  readonly name: string;
  /** `mysql://user:password@host:port/` of an account that may create databases; absent for SQLite. */
  readonly url?: string;
  /** True for the server that the global set-up started; servers of TEST_MYSQL_URL are not owned. */
  readonly own?: boolean;
}

/** The engines of the global set-up: SQLite and at least one server. */
export const engines: TestEngine[] = readEngines();

function readEngines(): TestEngine[] {
  const json = process.env.TEST_ENGINES;
  if (!json) throw new Error('TEST_ENGINES is not set: run e2e tests with npm test');
  return JSON.parse(json) as TestEngine[];
}

export interface FreshDatabase {
  /** Value for DATABASE_URL. */
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates an empty database with a random name, so that tests can run in parallel. The caller drops it. */
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
    await connection.query('SET lock_wait_timeout = 10'); // an open transaction then fails the test instead of blocking it
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
