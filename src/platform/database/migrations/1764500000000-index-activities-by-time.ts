import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

/**
 * Activities by time: one range then finds everything that happened in a short window, instead of two look-ups for each
 * session that crosses a bound. On the servers it replaces the unused number of an activity and its index.
 */
export class IndexActivitiesByTime1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (dialectOf(runner).family !== 'sqlite') {
      await runner.query('ALTER TABLE activities DROP INDEX uq_activities_id, DROP COLUMN id');
    }
    await runner.query('CREATE INDEX ix_activities_time ON activities (at, session_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    if (dialectOf(runner).family === 'sqlite') {
      await runner.query('DROP INDEX ix_activities_time');
      return;
    }
    await runner.query('DROP INDEX ix_activities_time ON activities');
    await runner.query(`ALTER TABLE activities ADD COLUMN id BIGINT NOT NULL AUTO_INCREMENT AFTER digest,
      ADD CONSTRAINT uq_activities_id UNIQUE (id)`);
  }
}
