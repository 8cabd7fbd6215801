import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';

const INDEXES = [
  ['ix_users_name', 'users'],
  ['ix_clients_name', 'clients'],
] as const;

/** Finds users by their name without a domain, and clients by their name. */
export class IndexNames1764810000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [index, table] of INDEXES) await runner.query(`CREATE INDEX ${index} ON ${table} (name)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const isSqlite = dialectOf(runner).family === 'sqlite';
    for (const [index, table] of INDEXES) await runner.query(`DROP INDEX ${index}${isSqlite ? '' : ` ON ${table}`}`);
  }
}
