import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/** Logins to the console, and the links that log in once (ADR 47). */
export class AddConsoleSessions1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    const longText = d.family === 'sqlite' ? 'TEXT' : 'TEXT CHARACTER SET utf8mb4';
    await runner.query(
      `CREATE TABLE console_sessions (
        id_hash ${d.ascii(64)} NOT NULL PRIMARY KEY, method ${d.ascii(8)} NOT NULL, caller ${d.ascii(64)} NOT NULL,
        created_at ${d.instant} NOT NULL, last_used_at ${d.instant} NOT NULL, expires_at ${d.instant} NOT NULL,
        name ${d.text(128)} NULL, scopes ${d.ascii(255)} NULL, client_guids ${longText} NULL)${d.tableOptions}`,
    );
    await runner.query('CREATE INDEX ix_console_sessions_caller ON console_sessions (caller)');
    await runner.query(
      `CREATE TABLE console_links (
        token_hash ${d.ascii(64)} NOT NULL PRIMARY KEY, key_prefix ${d.ascii(8)} NOT NULL,
        expires_at ${d.instant} NOT NULL)${d.tableOptions}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE console_links');
    await runner.query('DROP TABLE console_sessions');
  }
}
