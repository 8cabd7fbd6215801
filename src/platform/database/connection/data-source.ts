import { createConnection } from 'mysql2/promise';
import type { DataSource, DataSourceOptions, EntitySchema } from 'typeorm';
import { type Engine, serverEngine, sqliteEngine } from '../engines/engine.js';
import { MIGRATIONS } from '../migrations/migrations.js';
import { EngineDataSource } from '../schema/engine-data-source.js';
import { type DatabaseAddress, parseDatabaseUrl } from './database-url.js';
import { configureConnection } from './session-settings.js';
import { createSqliteFile, prepareReader, prepareWriter, sqliteVersion } from './sqlite-file.js';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- the type that TypeORM has for a class
export type EntityClass = Function | EntitySchema;

export interface DataSourceSettings {
  readonly entities?: readonly EntityClass[];
  /** Connections to a server. */
  readonly poolSize?: number;
  /** SQLite only: writes fail on this data source. */
  readonly readOnly?: boolean;
}

/**
 * The data source for `url`, not yet open. A server is asked for its version first, as MariaDB is another type than MySQL.
 */
export async function createDataSource(
  url: string,
  { entities = [], poolSize = 10, readOnly = false }: DataSourceSettings = {},
): Promise<{ dataSource: DataSource; engine: Engine }> {
  const address = parseDatabaseUrl(url);
  const common = {
    entities: [...entities],
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each' as const,
    synchronize: false,
  };
  if (address.kind === 'sqlite') {
    createSqliteFile(address.path);
    const engine = sqliteEngine(sqliteVersion());
    const prepareDatabase = readOnly ? prepareReader : prepareWriter;
    const options = { ...common, type: 'better-sqlite3' as const, database: address.path, prepareDatabase };
    return { engine, dataSource: new EngineDataSource(options, engine.family) };
  }
  const engine = serverEngine(await serverVersion(address));
  const { host, port, user: username, password, database } = address;
  const type = engine.family === 'mariadb' ? ('mariadb' as const) : ('mysql' as const);
  const server = { type, host, port, username, password, database, poolSize, timezone: 'Z', charset: 'utf8mb4' };
  const options = { ...common, ...server, supportBigNumbers: true } as DataSourceOptions;
  return { engine, dataSource: new EngineDataSource(options, engine.family) };
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
  const { dataSource, engine } = await createDataSource(
    url,
    typeof settings === 'number' ? { poolSize: settings } : settings,
  );
  await dataSource.initialize();
  if (engine.family !== 'sqlite') await configurePool((dataSource.driver as unknown as { pool: ServerPool }).pool);
  return { dataSource, engine };
}

type ServerConnection = Parameters<typeof configureConnection>[0] & { release(): void };

interface ServerPool {
  on(event: 'connection', listener: (connection: ServerConnection) => void): void;
  getConnection(done: (error: Error | null, connection: ServerConnection) => void): void;
}

/** TypeORM opened one connection before this could listen; it is configured here, and shows whether settings take effect. */
async function configurePool(pool: ServerPool): Promise<void> {
  // A connection that refuses its settings is destroyed; the statements queued on it report that.
  pool.on('connection', (connection) => void configureConnection(connection).catch(() => undefined));
  const connection = await new Promise<ServerConnection>((resolve, reject) =>
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
  );
  await configureConnection(connection);
  connection.release();
}

async function serverVersion(address: Extract<DatabaseAddress, { kind: 'server' }>): Promise<string> {
  const { host, port, user, password, database } = address;
  const connection = await createConnection({ host, port, user, password, database, connectTimeout: 10_000 });
  try {
    const [rows] = await connection.query({ sql: 'SELECT VERSION()', rowsAsArray: true });
    return String((rows as unknown[][])[0]?.[0]);
  } finally {
    await connection.end();
  }
}
