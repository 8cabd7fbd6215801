import type { QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/** Replaces the columns of an index of `sessions`; on a server in one statement, so that one of the two always exists. */
export async function replaceIndex(runner: QueryRunner, name: string, columns: string): Promise<void> {
  if (dialectOf(runner).family !== 'sqlite') {
    await runner.query(`ALTER TABLE sessions DROP INDEX ${name}, ADD INDEX ${name} (${columns})`);
    return;
  }
  await runner.query(`DROP INDEX ${name}`);
  await runner.query(`CREATE INDEX ${name} ON sessions (${columns})`);
}
