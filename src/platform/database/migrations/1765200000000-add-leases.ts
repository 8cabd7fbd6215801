import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/** Which process does a background job (ADR 57). */
export class AddLeases1765200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    await runner.query(
      `CREATE TABLE leases (
        name ${d.ascii(64)} NOT NULL PRIMARY KEY, holder ${d.ascii(32)} NOT NULL, version ${d.bigint} NOT NULL,
        renewed_at ${d.instant} NOT NULL, expires_at ${d.instant} NOT NULL)${d.tableOptions}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE leases');
  }
}
