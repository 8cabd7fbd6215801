import { type Connection, createConnection } from 'mysql2/promise';
import { type SeedPlan, seed } from '../seed.js';
import { Application } from './application.js';

export interface SeededDatabase {
  readonly sessions: number;
  readonly url: string;
  /** Duration of seeding in seconds, possibly from an earlier run. */
  readonly seconds: number;
}

/** The setting that holds up to which id sessions are older than the change log. */
export const OLDER_UP_TO = 'change-log-older-up-to';

/** Returns the database of a plan on this server; reuses that of an earlier run or creates it. */
export async function seededDatabase(base: string, plan: SeedPlan): Promise<SeededDatabase> {
  const name = `bench_${plan.sessions}_${plan.activitiesEach}`;
  const url = new URL(name, base).href;
  const connection = await createConnection(base);
  try {
    // Seeding need not be durable; the measured runs are.
    await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
    const seconds = (await secondsOfSeeding(connection, name)) ?? (await makeDatabase(connection, name, url, plan));
    await (await Application.on(url)).cli('migrate');
    // So that a server does not add the sessions to the change log while something else is measured.
    await connection.query(`INSERT IGNORE INTO ${name}.settings (name, value) VALUES ('${OLDER_UP_TO}', '0')`);
    return { sessions: plan.sessions, url, seconds };
  } finally {
    await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
    await connection.end();
  }
}

async function makeDatabase(connection: Connection, name: string, url: string, plan: SeedPlan): Promise<number> {
  await connection.query(`DROP DATABASE IF EXISTS ${name}`);
  await connection.query(`CREATE DATABASE ${name}`);
  await (await Application.on(url)).cli('migrate');
  await connection.query(`USE ${name}`);
  const seconds = await seed(connection, plan);
  // Created last; a database without this table is incomplete.
  await connection.query('CREATE TABLE bench_seeded (seconds DOUBLE NOT NULL)');
  await connection.query('INSERT INTO bench_seeded VALUES (?)', [seconds]);
  return seconds;
}

async function secondsOfSeeding(connection: Connection, name: string): Promise<number | null> {
  try {
    const [rows] = await connection.query(`SELECT seconds FROM ${name}.bench_seeded`);
    return (rows as { seconds: number }[])[0]?.seconds ?? null;
  } catch {
    return null;
  }
}
