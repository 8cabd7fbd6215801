import type { DataSource } from 'typeorm';

/**
 * Copies rows to a new table.
 *
 * @param key the columns of its primary key on servers: Group Replication writes no table without one
 */
export async function copyTable(dataSource: DataSource, name: string, select: string, key: string): Promise<void> {
  const isSqlite = dataSource.options.type === 'better-sqlite3';
  await dataSource.query(`CREATE TABLE ${name} ${isSqlite ? '' : `(PRIMARY KEY (${key}))`} AS ${select}`);
}
