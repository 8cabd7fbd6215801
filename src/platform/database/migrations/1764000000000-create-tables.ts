import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Dialect, dialectOf } from './dialect.js';

/**
 * Clients, users, sessions, activities and keys. Ids are signed 32-bit numbers, as the API promises, and are never
 * reused. Activities are clustered by session and instant: the look-ups of clipping read neighbouring rows.
 */
export class CreateTables1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    await runner.query(`CREATE TABLE clients (
      ${d.id}, guid ${d.ascii(64)} NOT NULL, name ${d.text(255)} NOT NULL, name_at ${d.instant} NOT NULL,
      ${d.unique('uq_clients_guid', 'guid')})${d.tableOptions}`);
    await runner.query(`CREATE TABLE users (
      ${d.id}, domain ${d.text(128)} NOT NULL DEFAULT '', name ${d.text(128)} NOT NULL,
      ${d.unique('uq_users_name', 'domain', 'name')})${d.tableOptions}`);
    await runner.query(`CREATE TABLE sessions (
      ${d.id}, client_id ${d.int} NOT NULL, user_id ${d.int} NOT NULL, external_id ${d.text(128)} NOT NULL,
      login_at ${d.instant} NOT NULL, logout_at ${d.instant} NULL, last_seen_at ${d.instant} NOT NULL, ended_at ${d.instant} NULL,
      ${d.unique('uq_sessions_external', 'client_id', 'external_id')},
      ${d.check('ck_sessions_order', 'logout_at IS NULL OR logout_at >= login_at')},
      ${d.check('ck_sessions_range', "login_at >= '1970-01-01 00:00:01.000' AND login_at < '2106-02-07 06:28:14.000'")})${d.tableOptions}`);
    await runner.query(`CREATE INDEX ix_sessions_login ON sessions (login_at, id)`);
    for (const statement of activities(d)) await runner.query(statement);
    await runner.query(`CREATE TABLE api_keys (
      ${d.id}, prefix ${d.ascii(8)} NOT NULL, secret_hash ${d.ascii(64)} NOT NULL, name ${d.text(128)} NOT NULL,
      scopes ${d.ascii(255)} NOT NULL, created_at ${d.instant} NOT NULL, expires_at ${d.instant} NULL,
      revoked_at ${d.instant} NULL, last_used_at ${d.instant} NULL,
      ${d.unique('uq_api_keys_prefix', 'prefix')})${d.tableOptions}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['api_keys', 'activities', 'sessions', 'users', 'clients'])
      await runner.query(`DROP TABLE ${table}`);
  }
}

/** SQLite assigns numbers only in rowid tables, so there a separate index holds the whole key. */
function activities(d: Dialect): string[] {
  const columns = `application ${d.text(255)} NULL, title ${d.text(1024)} NULL, url ${d.text(2048)} NULL,
      keystrokes TEXT NULL, kind ${d.text(64)} NULL`;
  const key = `session_id ${d.int} NOT NULL, at ${d.instant} NOT NULL, digest BINARY(8) NOT NULL`;
  if (d.family !== 'sqlite') {
    return [
      `CREATE TABLE activities (${key}, id BIGINT NOT NULL AUTO_INCREMENT, ${columns},
      PRIMARY KEY (session_id, at, digest), CONSTRAINT uq_activities_id UNIQUE (id))${d.tableOptions}`,
    ];
  }
  return [
    `CREATE TABLE activities (${d.id}, ${key}, ${columns})`,
    `CREATE UNIQUE INDEX uq_activities_key ON activities (session_id, at, digest)`,
  ];
}
