import type { DataSource } from 'typeorm';

/** Names of the migrations that the database lacks, in order. */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const done = new Set<string>();
  const runner = dataSource.createQueryRunner();
  try {
    if (await runner.hasTable('migrations')) {
      for (const row of (await runner.query('SELECT name FROM migrations')) as { name: string }[]) done.add(row.name);
    }
  } finally {
    await runner.release();
  }
  return dataSource.migrations.map((m) => m.name ?? m.constructor.name).filter((name) => !done.has(name));
}
