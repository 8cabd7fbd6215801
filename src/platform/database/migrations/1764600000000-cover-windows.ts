import type { MigrationInterface, QueryRunner } from 'typeorm';
import { replaceIndex } from './replace-index.js';

/** Columns of each index before and after. The primary key is part of every index anyway, as its last column. */
const INDEXES = [
  ['ix_sessions_login', 'login_at, id', 'login_at, id, client_id, user_id, ended_at, last_seen_at'],
  ['ix_sessions_node_login', 'node, login_at', 'node, login_at, ended_at, last_seen_at, client_id, user_id'],
  [
    'ix_sessions_node_ended',
    'node, ended_at, last_seen_at',
    'node, ended_at, last_seen_at, login_at, client_id, user_id',
  ],
] as const;

/**
 * The indexes of windows become covering: fetching each session from the table by its id was most of the work of the
 * server (ADR 22).
 */
export class CoverWindows1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, , after] of INDEXES) await replaceIndex(runner, name, after);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name, before] of INDEXES) await replaceIndex(runner, name, before);
  }
}
