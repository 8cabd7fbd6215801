import type { DataSource } from 'typeorm';
import { PROGRAM } from '../../../config/program-name.js';

/** The schema of the database does not fit this build; serving on it would answer wrongly. */
class SchemaError extends Error {}

export interface SchemaVersion {
  /** Names of the migrations that the database lacks, in order. */
  readonly pending: readonly string[];
  /** Names of migrations in the database that this build does not know: a newer build has run them. */
  readonly unknown: readonly string[];
  /** Name of the last migration that was run; null on an empty database. */
  readonly current: string | null;
}

export async function schemaVersion(dataSource: DataSource): Promise<SchemaVersion> {
  const done = await migrationsRun(dataSource);
  const known = dataSource.migrations.map((m) => m.name ?? m.constructor.name);
  return {
    pending: known.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !known.includes(name)),
    current: done.at(-1) ?? null,
  };
}

/** @throws SchemaError when a newer build has migrated the database */
export function refuseNewerSchema({ unknown }: SchemaVersion): void {
  if (unknown.length === 0) return;
  throw new SchemaError(
    `The schema of the database is newer than this build, which does not know ${unknown.join(', ')}. ` +
      'Run the newer version of the program, or undo these migrations with it.',
  );
}

/** @throws SchemaError unless the schema is exactly that of this build */
export async function requireCurrentSchema(dataSource: DataSource): Promise<SchemaVersion> {
  const version = await schemaVersion(dataSource);
  refuseNewerSchema(version);
  if (version.pending.length === 0) return version;
  throw new SchemaError(
    `The schema of the database lacks ${version.pending.join(', ')}. Bring it up to date with:\n  ${PROGRAM} migrate`,
  );
}

async function migrationsRun(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    if (!(await runner.hasTable('migrations'))) return [];
    const rows = (await runner.query('SELECT name FROM migrations ORDER BY id')) as { name: string }[];
    return rows.map(({ name }) => name);
  } finally {
    await runner.release();
  }
}
