import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/**
 * SQLite: the unused number of an activity goes, as it did on the servers, and (session_id, at, digest) becomes the primary
 * key there, too. The table keeps its order: rows stay in a rowid table with one unique index over the key.
 */
export class DropActivityNumber1764700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rebuild(runner, (key) => `${key}, ${DATA}, PRIMARY KEY ("session_id", "at", "digest")`, 'id');
  }

  async down(runner: QueryRunner): Promise<void> {
    const { id } = dialectOf(runner);
    if (await rebuild(runner, (key) => `${id}, ${key}, ${DATA}`, 'rowid'))
      await runner.query('CREATE UNIQUE INDEX uq_activities_key ON activities (session_id, at, digest)');
  }
}

const KEY = '"session_id" INTEGER NOT NULL, "at" DATETIME(3) NOT NULL, "digest" BINARY(8) NOT NULL';
const DATA = `"application" VARCHAR(255) NULL, "title" VARCHAR(1024) NULL, "url" VARCHAR(2048) NULL,
  "keystrokes" TEXT NULL, "kind" VARCHAR(64) NULL`;
const COLUMNS = 'session_id, at, digest, application, title, url, keystrokes, kind';

/** Copies the rows in their present order. @returns false on a server, where there is nothing to do */
async function rebuild(runner: QueryRunner, body: (key: string) => string, order: string): Promise<boolean> {
  if (dialectOf(runner).family !== 'sqlite') return false;
  await runner.query(`CREATE TABLE activities_new (${body(KEY)})`);
  await runner.query(`INSERT INTO activities_new (${COLUMNS}) SELECT ${COLUMNS} FROM activities ORDER BY ${order}`);
  await runner.query('DROP TABLE activities');
  await runner.query('ALTER TABLE activities_new RENAME TO activities');
  await runner.query('CREATE INDEX ix_activities_time ON activities (at, session_id)');
  return true;
}
