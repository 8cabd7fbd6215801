import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

const INDEXES = [
  ['ix_sessions_client_login', 'client_id, login_at, id, user_id, ended_at, last_seen_at'],
  ['ix_sessions_user_login', 'user_id, login_at'],
] as const;

/**
 * The sessions of one client and of one user in the order of their login. The first index contains all columns that a window
 * needs, for callers who are limited to some clients (ADR 40).
 */
export class IndexSessionsByClientAndUser1764800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, columns] of INDEXES) await runner.query(`CREATE INDEX ${name} ON sessions (${columns})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const suffix = dialectOf(runner).family === 'sqlite' ? '' : ' ON sessions';
    for (const [name] of INDEXES) await runner.query(`DROP INDEX ${name}${suffix}`);
  }
}
