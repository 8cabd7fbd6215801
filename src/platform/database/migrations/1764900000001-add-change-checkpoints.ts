import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/** The signed checkpoints of the change log (ADR 46). */
export class AddChangeCheckpoints1764900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    await runner.query(
      `CREATE TABLE change_checkpoints (size ${d.bigint} NOT NULL PRIMARY KEY, note TEXT NOT NULL)${d.tableOptions}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE change_checkpoints');
  }
}
