import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/**
 * The relational interval tree over (login_at, ended_at), maintained by the database itself: see
 * modules/sessions/domain/interval-index.ts for the formula and its source. A live session reaches to the largest value.
 *
 * `CHAR_LENGTH(BIN(x)) - 1` is the exact position of the highest bit; LOG2() is not exact for large numbers.
 * SQLite has neither BIN() nor XOR: the position is the number of powers of two that the value reaches.
 */
export class AddIntervalIndex1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (dialectOf(runner).family === 'sqlite') {
      await runner.query(`ALTER TABLE sessions ADD COLUMN node INTEGER GENERATED ALWAYS AS (${sqliteNode()}) VIRTUAL`);
    } else {
      await runner.query(
        `ALTER TABLE sessions ADD COLUMN node BIGINT UNSIGNED GENERATED ALWAYS AS (${serverNode()}) STORED`,
      );
    }
    await runner.query('CREATE INDEX ix_sessions_node_login ON sessions (node, login_at)');
    await runner.query('CREATE INDEX ix_sessions_node_ended ON sessions (node, ended_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    const suffix = dialectOf(runner).family === 'sqlite' ? '' : ' ON sessions';
    await runner.query(`DROP INDEX ix_sessions_node_ended${suffix}`);
    await runner.query(`DROP INDEX ix_sessions_node_login${suffix}`);
    await runner.query('ALTER TABLE sessions DROP COLUMN node');
  }
}

const LIVE = 4294967295;

export function serverNode(): string {
  const seconds = (column: string) => `TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', ${column})`;
  const u = `CAST(IFNULL(${seconds('ended_at')}, ${LIVE}) AS UNSIGNED)`;
  const l = `CAST(${seconds('login_at')} - 1 AS UNSIGNED)`;
  const k = `(CHAR_LENGTH(BIN(${l} ^ ${u})) - 1)`;
  return `(${u} >> ${k}) << ${k}`;
}

/** k counts the powers of two, from 2^1 to 2^31, that (l-1) xor u reaches; XOR is (a | b) - (a & b). */
export function sqliteNode(): string {
  const seconds = (column: string) => `CAST(strftime('%s', ${column}) AS INTEGER)`;
  const u = `IFNULL(${seconds('ended_at')}, ${LIVE})`;
  const l = `(${seconds('login_at')} - 1)`;
  const x = `((${l} | ${u}) - (${l} & ${u}))`;
  const k = Array.from({ length: 31 }, (_, i) => `(${x} >= ${2 ** (i + 1)})`).join(' + ');
  return `(${u} >> (${k})) << (${k})`;
}
