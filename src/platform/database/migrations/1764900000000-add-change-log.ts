import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Dialect, dialectOf } from './dialect.js';

/**
 * The change log of the sessions (ADR 45). Sessions get a version and a salt, activities the version that added them: all
 * columns are last, and nullable or with a constant default, so engines add them without rewriting the tables. Version 0
 * means that the session is not in the log yet; the server adds those sessions while it serves.
 */
export class AddChangeLog1764900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    await add(runner, d, 'sessions', [`version ${d.int} NOT NULL DEFAULT 0`, 'salt BINARY(16) NULL']);
    await add(runner, d, 'activities', [`version ${d.int} NOT NULL DEFAULT 0`]);
    for (const statement of tables(d)) await runner.query(statement);
    await runner.query(`INSERT INTO change_head (id, size, removed, frontier) VALUES (1, 0, 0, '')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['change_outbox', 'change_nodes', 'change_head', 'session_changes'])
      await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE activities DROP COLUMN version');
    for (const column of ['salt', 'version']) await runner.query(`ALTER TABLE sessions DROP COLUMN ${column}`);
  }
}

async function add(runner: QueryRunner, d: Dialect, table: string, columns: readonly string[]): Promise<void> {
  const clauses = columns.map((column) => `ADD COLUMN ${column}`);
  const parts = d.family === 'sqlite' ? clauses : [clauses.join(', ')];
  for (const part of parts) await runner.query(`ALTER TABLE ${table} ${part}`);
}

function tables(d: Dialect): string[] {
  const outboxId =
    d.family === 'sqlite'
      ? '"id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL'
      : 'id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY';
  const longText = d.family === 'sqlite' ? 'TEXT' : 'TEXT CHARACTER SET ascii COLLATE ascii_bin';
  return [
    `CREATE TABLE session_changes (
      seq ${d.bigint} NOT NULL PRIMARY KEY, session_id ${d.int} NOT NULL, version ${d.int} NOT NULL,
      kind SMALLINT NOT NULL, at ${d.instant} NOT NULL, client_id ${d.int} NOT NULL, session_hash BINARY(32) NULL,
      activities ${d.int} NOT NULL, activities_hash BINARY(32) NULL, leaf BINARY(32) NOT NULL)${d.tableOptions}`,
    'CREATE INDEX ix_session_changes_session ON session_changes (session_id, version)',
    `CREATE TABLE change_head (
      id ${d.int} NOT NULL PRIMARY KEY, size ${d.bigint} NOT NULL, removed ${d.bigint} NOT NULL,
      frontier BLOB NOT NULL)${d.tableOptions}`,
    `CREATE TABLE change_nodes (
      level ${d.int} NOT NULL, position ${d.bigint} NOT NULL, hash BINARY(32) NOT NULL,
      PRIMARY KEY (level, position))${d.tableOptions}`,
    `CREATE TABLE change_outbox (${outboxId}, at ${d.instant} NOT NULL, changes ${longText} NOT NULL)${d.tableOptions}`,
  ];
}
