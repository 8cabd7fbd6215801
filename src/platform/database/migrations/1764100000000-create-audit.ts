import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/**
 * The audit chain and its signed checkpoints. `audit_head` is one row that names the last record. A writer locks it to
 * append, so several processes write one chain whose numbers have no gap.
 */
export class CreateAudit1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    const seq = d.bigint;
    await runner.query(`CREATE TABLE audit_records (
      seq ${seq} NOT NULL PRIMARY KEY, at ${d.instant} NOT NULL, kind ${d.ascii(9)} NOT NULL, request_seq ${seq} NULL,
      request_id ${d.ascii(128)} NULL, caller ${d.text(128)} NULL, caller_name ${d.text(128)} NULL,
      address ${d.ascii(45)} NULL, action ${d.ascii(32)} NULL, method ${d.ascii(32)} NOT NULL,
      path ${d.text(1024)} NOT NULL, filter TEXT NOT NULL, status ${d.int} NULL, row_count ${seq} NULL, byte_count ${seq} NULL,
      duration_ms ${seq} NULL, cut_short SMALLINT NULL,
      previous_hash ${d.ascii(64)} NOT NULL, hash ${d.ascii(64)} NOT NULL)${d.tableOptions}`);
    await runner.query('CREATE INDEX ix_audit_records_at ON audit_records (at)');
    await runner.query('CREATE INDEX ix_audit_records_caller ON audit_records (caller, seq)');
    await runner.query(`CREATE TABLE audit_head (
      id ${d.int} NOT NULL PRIMARY KEY, seq ${seq} NOT NULL, hash ${d.ascii(64)} NOT NULL)${d.tableOptions}`);
    await runner.query(`INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '${'0'.repeat(64)}')`);
    await runner.query(`CREATE TABLE audit_checkpoints (
      record_count ${seq} NOT NULL PRIMARY KEY, hash ${d.ascii(64)} NOT NULL, at ${d.instant} NOT NULL,
      key_id ${d.ascii(32)} NOT NULL, signature ${d.ascii(128)} NOT NULL)${d.tableOptions}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['audit_checkpoints', 'audit_head', 'audit_records']) await runner.query(`DROP TABLE ${table}`);
  }
}
