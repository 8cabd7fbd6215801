import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serverNode, sqliteNode } from './1764000000001-add-interval-index.js';
import { dialectOf } from './dialect.js';

/** Databases that were created before it get it from a later migration; one server refuses to write a table without a key. */
export const METADATA_KEY = 'id INT NOT NULL AUTO_INCREMENT PRIMARY KEY';

/**
 * Servers rewrite the expression of a generated column, so TypeORM compares entities with the text in `typeorm_metadata`.
 * Without that table it cannot read the schema of `sessions` at all.
 */
export class RecordNodeExpression1764700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const isSqlite = dialectOf(runner).family === 'sqlite';
    const q = isSqlite ? '"' : '`';
    const column = (name: string) => `${q}${name}${q}`;
    const names = ['database', 'schema', 'table', 'name'].map((name) => `${column(name)} VARCHAR(255) NULL`).join(', ');
    await runner.query(
      `CREATE TABLE IF NOT EXISTS typeorm_metadata (${column('type')} VARCHAR(255) NOT NULL, ${names}, ${column('value')} TEXT NULL${isSqlite ? '' : `, ${METADATA_KEY}`})`,
    );
    const columns = ['type', 'schema', 'table', 'name', 'value'].map(column).join(', ');
    await runner.query(
      `INSERT INTO typeorm_metadata (${columns}) VALUES ('GENERATED_COLUMN', ${isSqlite ? 'NULL' : 'DATABASE()'}, 'sessions', 'node', ?)`,
      [isSqlite ? sqliteNode() : serverNode()],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE typeorm_metadata');
  }
}
