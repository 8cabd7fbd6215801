import type { MigrationInterface, QueryRunner } from 'typeorm';
import { toInstantText } from '../../time/instant.js';
import { dialectOf } from './dialect.js';

/**
 * What limits a key (networks, clients), where it comes from, and one counter of all changes of keys: whoever changes one
 * counts up in the same transaction, so that a process sees from one number whether the keys it holds are still right.
 */
export class AddKeyLimits1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const d = dialectOf(runner);
    // Keys that exist were all made with the command line: there was no other way.
    const columns = [
      `created_by ${d.text(128)} NOT NULL DEFAULT 'command line'`,
      `replaces ${d.ascii(8)} NULL`,
      'cidrs TEXT NULL',
      'client_guids TEXT NULL',
    ];
    for (const column of columns) await runner.query(`ALTER TABLE api_keys ADD COLUMN ${column}`);
    await runner.query(
      `CREATE TABLE api_key_changes (id INT NOT NULL PRIMARY KEY, changes INT NOT NULL)${d.tableOptions}`,
    );
    await runner.query('INSERT INTO api_key_changes (id, changes) VALUES (1, 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_key_changes');
    // Without its limits a key would be worth more than was given: it ends instead.
    await runner.query(
      `UPDATE api_keys SET revoked_at = '${toInstantText(Date.now())}'
      WHERE revoked_at IS NULL AND (cidrs IS NOT NULL OR client_guids IS NOT NULL)`,
    );
    for (const column of ['client_guids', 'cidrs', 'replaces', 'created_by'])
      await runner.query(`ALTER TABLE api_keys DROP COLUMN ${column}`);
  }
}
