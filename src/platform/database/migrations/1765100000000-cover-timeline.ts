import type { MigrationInterface, QueryRunner } from 'typeorm';
import { replaceIndex } from './replace-index.js';

const NAME = 'ix_sessions_client_login';
const COLUMNS = 'client_id, login_at, id, user_id, ended_at, last_seen_at';

/** The index by client also tells whether a session has a logout, so that rows of a timeline are read from it alone (ADR 48). */
export class CoverTimeline1765100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await replaceIndex(runner, NAME, `${COLUMNS}, logout_at`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await replaceIndex(runner, NAME, COLUMNS);
  }
}
