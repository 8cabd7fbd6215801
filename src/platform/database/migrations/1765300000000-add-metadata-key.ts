import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';
import { METADATA_KEY } from './1764700000001-record-node-expression.js';

/** Group Replication refuses to write tables without a primary key. SQLite has an implicit one. */
export class AddMetadataKey1765300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (dialectOf(runner).family === 'sqlite') return;
    const [key] = (await runner.query(
      `SELECT COUNT(*) AS columns_of_key FROM information_schema.STATISTICS
       WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'typeorm_metadata' AND INDEX_NAME = 'PRIMARY'`,
    )) as { columns_of_key: number | string }[];
    if (Number(key!.columns_of_key) === 0)
      await runner.query(`ALTER TABLE typeorm_metadata ADD COLUMN ${METADATA_KEY}`);
  }

  /** The key stays: databases that were created with it are the same without this migration. */
  async down(): Promise<void> {
    await Promise.resolve();
  }
}
