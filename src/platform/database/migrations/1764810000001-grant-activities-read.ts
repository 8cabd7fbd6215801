import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was done in sessions needs a scope of its own. Keys that could read it before keep doing so. Scopes are separated by
 * one space.
 */
export class GrantActivitiesRead1764810000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE api_keys SET scopes = TRIM(REPLACE(CONCAT(' ', scopes, ' '), ' sessions:read ',
      ' sessions:read activities:read ')) WHERE CONCAT(' ', scopes, ' ') NOT LIKE '% activities:read %'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE api_keys SET scopes = TRIM(REPLACE(CONCAT(' ', scopes, ' '), ' activities:read ', ' '))`,
    );
  }
}
