import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Dialect, dialectOf } from './dialect.js';

/**
 * Clients, users, sessions, activities and keys. Ids are signed 32-bit numbers, as the interface promises, and are never
 * used again. Activities are clustered by session and instant: the look-ups of clipping read neighbouring rows.
 */
export class CreateTables1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    await runner.query(`CREATE TABLE clients (
      id ${d.id}, guid ${d.ascii(64)} NOT NULL, name ${d.text(255)} NOT NULL, name_at ${d.instant} NOT NULL,
      CONSTRAINT uq_clients_guid UNIQUE (guid))${d.tableOptions}`);
    await runner.query(`CREATE TABLE users (
      id ${d.id}, domain ${d.text(128)} NOT NULL DEFAULT '', name ${d.text(128)} NOT NULL,
      CONSTRAINT uq_users_name UNIQUE (domain, name))${d.tableOptions}`);
    await runner.query(`CREATE TABLE sessions (
      id ${d.id}, client_id INT NOT NULL, user_id INT NOT NULL, external_id ${d.text(128)} NOT NULL,
      login_at ${d.instant} NOT NULL, logout_at ${d.instant} NULL, last_seen_at ${d.instant} NOT NULL, ended_at ${d.instant} NULL,
      CONSTRAINT uq_sessions_external UNIQUE (client_id, external_id),
      CONSTRAINT ck_sessions_order CHECK (logout_at IS NULL OR logout_at >= login_at),
      CONSTRAINT ck_sessions_range CHECK (login_at >= '1970-01-01 00:00:01.000' AND login_at < '2106-02-07 06:28:14.000'))${d.tableOptions}`);
    await runner.query(`CREATE INDEX ix_sessions_login ON sessions (login_at, id)`);
    for (const statement of activities(d)) await runner.query(statement);
    await runner.query(`CREATE TABLE api_keys (
      id ${d.id}, prefix ${d.ascii(8)} NOT NULL, secret_hash ${d.ascii(64)} NOT NULL, name ${d.text(128)} NOT NULL,
      scopes ${d.ascii(255)} NOT NULL, created_at ${d.instant} NOT NULL, expires_at ${d.instant} NULL,
      revoked_at ${d.instant} NULL, last_used_at ${d.instant} NULL,
      CONSTRAINT uq_api_keys_prefix UNIQUE (prefix))${d.tableOptions}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['api_keys', 'activities', 'sessions', 'users', 'clients'])
      await runner.query(`DROP TABLE ${table}`);
  }
}

/** SQLite numbers only rowid tables by itself, so there the order of time is an index that holds all of the key. */
function activities(d: Dialect): string[] {
  const columns = `application ${d.text(255)} NULL, title ${d.text(1024)} NULL, url ${d.text(2048)} NULL,
      keystrokes TEXT NULL, kind ${d.text(64)} NULL`;
  const key = `session_id INT NOT NULL, at ${d.instant} NOT NULL, digest BINARY(8) NOT NULL`;
  if (d.family !== 'sqlite') {
    return [
      `CREATE TABLE activities (${key}, id BIGINT NOT NULL AUTO_INCREMENT, ${columns},
      PRIMARY KEY (session_id, at, digest), CONSTRAINT uq_activities_id UNIQUE (id))${d.tableOptions}`,
    ];
  }
  return [
    `CREATE TABLE activities (id INTEGER PRIMARY KEY AUTOINCREMENT, ${key}, ${columns})`,
    `CREATE UNIQUE INDEX uq_activities_key ON activities (session_id, at, digest)`,
  ];
}
