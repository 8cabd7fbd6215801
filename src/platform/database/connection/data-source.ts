import type { DataSource, DataSourceOptions, EntitySchema } from 'typeorm';
import { type Engine, serverEngine, sqliteEngine } from '../engines/engine.js';
import { MIGRATIONS } from '../migrations/migrations.js';
import { EngineDataSource } from '../schema/engine-data-source.js';
import type { DatabaseTlsFiles } from './database-tls.js';
import { type DatabaseAddress, parseDatabaseUrl } from './database-url.js';
import { type ServerAddress, serverAccess } from './server-access.js';
import { type PoolObserver, type WaitingPool, limitPoolWait } from './pool-wait.js';
import { ANSWER_MS, limitSilence } from './silence.js';
import { READ_ONLY, configureConnection } from './session-settings.js';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- the type that TypeORM has for a class
export type EntityClass = Function | EntitySchema;

export interface DataSourceSettings {
  readonly entities?: readonly EntityClass[];
  /** Connections to a server. */
  readonly poolSize?: number;
  /** Milliseconds that a caller waits for a connection to a server; without it there is no limit. */
  readonly waitMs?: number;
  readonly observer?: PoolObserver;
  /** Writes fail on this data source. */
  readonly readOnly?: boolean;
  /** That of another data source for the same URL; without it a server is asked for its version. */
  readonly engine?: Engine;
  readonly tlsFiles?: DatabaseTlsFiles;
}

/**
 * The data source for `url`, not yet open. A server is asked for its version first, as MariaDB is another type than MySQL.
 */
export async function createDataSource(
  url: string,
  settings: DataSourceSettings = {},
): Promise<{ dataSource: DataSource; engine: Engine }> {
  const address = parseDatabaseUrl(url, settings.tlsFiles);
  const engine = settings.engine ?? (await engineAt(address));
  const common = {
    entities: [...(settings.entities ?? [])],
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each' as const,
    synchronize: false,
  };
  const options =
    address.kind === 'sqlite'
      ? await sqliteOptions(address.path, settings)
      : serverOptions(address, engine.family, settings);
  return { engine, dataSource: new EngineDataSource({ ...common, ...options } as DataSourceOptions, engine.family) };
}

/** The driver of the other kind of database is never loaded: it would delay the start. */
export async function engineAt(address: DatabaseAddress): Promise<Engine> {
  if (address.kind === 'server') return serverEngine(await serverVersion(address));
  return sqliteEngine((await import('./sqlite-file.js')).sqliteVersion());
}

async function sqliteOptions(path: string, { readOnly }: DataSourceSettings) {
  const { createSqliteFile, prepareReader, prepareWriter } = await import('./sqlite-file.js');
  createSqliteFile(path);
  return { type: 'better-sqlite3', database: path, prepareDatabase: readOnly ? prepareReader : prepareWriter } as const;
}

function serverOptions(address: ServerAddress, type: Engine['family'], { poolSize = 10 }: DataSourceSettings) {
  const { user: username, ...access } = serverAccess(address);
  return { type, ...access, username, poolSize, timezone: 'Z', charset: 'utf8mb4', supportBigNumbers: true };
}

/**
 * Opens the data source; every connection gets its settings before anything else that it is used for.
 *
 * @throws Error when a server connection does not use utf8mb4
 */
export async function openDataSource(
  url: string,
  settings: DataSourceSettings | number = {},
): Promise<{ dataSource: DataSource; engine: Engine }> {
  const chosen = typeof settings === 'number' ? { poolSize: settings } : settings;
  const { dataSource, engine } = await createDataSource(url, chosen);
  await dataSource.initialize();
  if (engine.family !== 'sqlite') {
    const { pool } = dataSource.driver as unknown as { pool: ServerPool };
    await configurePool(pool, chosen.readOnly ?? false);
    if (chosen.waitMs !== undefined) limitPoolWait(pool, chosen.waitMs, chosen.observer);
  }
  return { dataSource, engine };
}

type ServerConnection = Parameters<typeof configureConnection>[0] &
  Parameters<typeof limitSilence>[0] & { release(): void; on(event: 'error', listener: () => void): void };

interface ServerPool extends WaitingPool<ServerConnection> {
  on(event: 'connection', listener: (connection: ServerConnection) => void): void;
}

/** TypeORM opened one connection before this could listen; it is configured here, and shows whether settings take effect. */
async function configurePool(pool: ServerPool, readOnly: boolean): Promise<void> {
  const configure = (connection: ServerConnection): Promise<void> => {
    // The statement that runs reports the error; without a listener, one that comes later would end the process.
    connection.on('error', () => undefined);
    if (readOnly) limitSilence(connection, ANSWER_MS);
    return configureConnection(connection, readOnly ? [READ_ONLY] : []);
  };
  // A connection that refuses its settings is destroyed; the statements queued on it report that.
  pool.on('connection', (connection) => void configure(connection).catch(() => undefined));
  const connection = await new Promise<ServerConnection>((resolve, reject) =>
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
  );
  await configure(connection);
  connection.release();
}

async function serverVersion(address: ServerAddress): Promise<string> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ ...serverAccess(address), connectTimeout: 10_000 });
  try {
    const [rows] = await connection.query({ sql: 'SELECT VERSION()', rowsAsArray: true });
    return String((rows as unknown[][])[0]?.[0]);
  } finally {
    await connection.end();
  }
}
