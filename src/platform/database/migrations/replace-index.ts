import type { QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/** Gives an index of `sessions` other columns. On a server in one statement, which leaves the one or the other whatever happens. */
export async function replaceIndex(runner: QueryRunner, name: string, columns: string): Promise<void> {
  if (dialectOf(runner).family !== 'sqlite') {
    await runner.query(`ALTER TABLE sessions DROP INDEX ${name}, ADD INDEX ${name} (${columns})`);
    return;
  }
  await runner.query(`DROP INDEX ${name}`);
  await runner.query(`CREATE INDEX ${name} ON sessions (${columns})`);
}
