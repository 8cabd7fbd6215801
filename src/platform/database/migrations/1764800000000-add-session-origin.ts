import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Dialect, dialectOf } from './dialect.js';

/**
 * Where and how the user of a session logged on (ADR 39): each value with the instant of its record. All columns are
 * nullable and last, so engines add them without rewriting the table.
 */
export class AddSessionOrigin1764800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    const columns = columnsOf(d).map(([name, type]) => `ADD COLUMN ${name} ${type} NULL`);
    if (d.family !== 'sqlite') await runner.query(`ALTER TABLE sessions ${columns.join(', ')}`);
    else for (const column of columns) await runner.query(`ALTER TABLE sessions ${column}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    const columns = columnsOf(d).map(([name]) => `DROP COLUMN ${name}`);
    if (d.family !== 'sqlite') await runner.query(`ALTER TABLE sessions ${columns.join(', ')}`);
    else for (const column of columns) await runner.query(`ALTER TABLE sessions ${column}`);
  }
}

function columnsOf(d: Dialect): (readonly [name: string, type: string])[] {
  const values = [
    ['remote_address', 'BINARY(16)'],
    ['remote_host', d.text(255)],
    ['logon_type', 'SMALLINT'],
    ['terminal', d.text(128)],
  ] as const;
  return values.flatMap(([name, type]) => [
    [name, type],
    [`${name}_at`, d.instant],
  ]);
}
