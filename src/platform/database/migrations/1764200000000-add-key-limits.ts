import type { MigrationInterface, QueryRunner } from 'typeorm';
import { toInstantText } from '../../time/instant.js';
import { dialectOf } from './dialect.js';

/**
 * Limits of a key (networks, clients), its origin, and one counter of all changes of keys. A change increments the counter
 * in the same transaction, so one number tells a process whether the keys it holds are up to date.
 */
export class AddKeyLimits1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    // Every existing key was created with the command line: there was no other way.
    const columns = [
      `created_by ${d.text(128)} NOT NULL DEFAULT 'command line'`,
      `replaces ${d.ascii(8)} NULL`,
      'cidrs TEXT NULL',
      'client_guids TEXT NULL',
    ];
    for (const column of columns) await runner.query(`ALTER TABLE api_keys ADD COLUMN ${column}`);
    await runner.query(
      `CREATE TABLE api_key_changes (id ${d.int} NOT NULL PRIMARY KEY, changes ${d.int} NOT NULL)${d.tableOptions}`,
    );
    await runner.query('INSERT INTO api_key_changes (id, changes) VALUES (1, 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_key_changes');
    // Without its limits a key would grant more than intended, so it is revoked.
    await runner.query(
      `UPDATE api_keys SET revoked_at = '${toInstantText(Date.now())}'
      WHERE revoked_at IS NULL AND (cidrs IS NOT NULL OR client_guids IS NOT NULL)`,
    );
    for (const column of ['client_guids', 'cidrs', 'replaces', 'created_by'])
      await runner.query(`ALTER TABLE api_keys DROP COLUMN ${column}`);
  }
}
