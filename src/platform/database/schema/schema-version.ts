import type { DataSource } from 'typeorm';

/** The database has another schema than this program expects; serving on it would give wrong answers. */
export class SchemaError extends Error {}

/**
 * @returns name of the last migration, which identifies the schema
 * @throws SchemaError when the database lacks a migration, or has one that this program does not know
 */
export async function requireCurrentSchema(dataSource: DataSource): Promise<string> {
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const applied = await appliedMigrations(dataSource);
  const pending = known.filter((name) => !applied.includes(name));
  if (pending.length > 0)
    throw new SchemaError(
      `The schema of the database lacks ${pending.join(', ')}. Bring it up to date with:\n  npm run cli -- migrate`,
    );
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new SchemaError(
      `The database was migrated by a newer version of session-audit, which added ${unknown.join(', ')}. Run that version.`,
    );
  return known.at(-1)!;
}

async function appliedMigrations(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    if (!(await runner.hasTable('migrations'))) return [];
    return ((await runner.query('SELECT name FROM migrations')) as { name: string }[]).map(({ name }) => name);
  } finally {
    await runner.release();
  }
}
