import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';
import { replaceIndex } from './replace-index.js';

/**
 * What the marking of lost sessions needs: open sessions in the order of their last sign of life, which the interval index
 * keeps in one place, and the LOST_AFTER that stored estimates follow. Ingestion locks the row `new-names` before it adds
 * clients or users.
 */
export class AddLostSessionMarking1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    await runner.query(
      `CREATE TABLE settings (name ${d.ascii(64)} NOT NULL PRIMARY KEY, value ${d.text(255)} NOT NULL)${d.tableOptions}`,
    );
    await runner.query(`INSERT INTO settings (name, value) VALUES ('new-names', '')`);
    await replaceIndex(runner, 'ix_sessions_node_ended', 'node, ended_at, last_seen_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    // The previous schema has no estimated ends.
    await runner.query('UPDATE sessions SET ended_at = NULL WHERE logout_at IS NULL AND ended_at IS NOT NULL');
    await replaceIndex(runner, 'ix_sessions_node_ended', 'node, ended_at');
    await runner.query('DROP TABLE settings');
  }
}
