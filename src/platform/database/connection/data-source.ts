import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { type DatabaseAddress, parseDatabaseUrl } from './database-url.js';
import { type Engine, SESSION_SETTINGS, serverEngine, sqliteEngine } from '../engines/engine.js';
import { MIGRATIONS } from '../migrations/migrations.js';

/** The data source of TypeORM for `url`; a server is asked for its version first, as MariaDB is another type than MySQL. */
export async function dataSourceOptions(
  url: string,
  poolSize = 10,
): Promise<{ options: DataSourceOptions; engine: Engine }> {
  const address = parseDatabaseUrl(url);
  const common = {
    entities: [],
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each' as const,
    synchronize: false,
  };
  if (address.kind === 'sqlite') {
    if (address.path !== ':memory:') mkdirSync(dirname(address.path), { recursive: true });
    const engine = sqliteEngine(sqliteVersion());
    return {
      engine,
      options: { ...common, type: 'better-sqlite3', database: address.path, prepareDatabase: prepareSqlite },
    };
  }
  const engine = serverEngine(await serverVersion(address));
  const { host, port, user: username, password, database } = address;
  const type = engine.family === 'mariadb' ? ('mariadb' as const) : ('mysql' as const);
  const server = { type, host, port, username, password, database, poolSize, timezone: 'Z', charset: 'utf8mb4' };
  return { engine, options: { ...common, ...server, supportBigNumbers: true } as DataSourceOptions };
}

/** Opens the data source. The settings of a connection are sent before anything else that it is used for. */
export async function openDataSource(
  url: string,
  poolSize?: number,
): Promise<{ dataSource: DataSource; engine: Engine }> {
  const { options, engine } = await dataSourceOptions(url, poolSize);
  const dataSource = await new DataSource(options).initialize();
  if (engine.family !== 'sqlite') {
    const { pool } = dataSource.driver as unknown as { pool: ServerPool };
    pool.on('connection', (connection) => connection.query(SESSION_SETTINGS));
    await dataSource.query(SESSION_SETTINGS); // the one connection that TypeORM opened before we could listen
  }
  return { dataSource, engine };
}

interface ServerPool {
  on(event: 'connection', listener: (connection: { query(sql: string): void }) => void): void;
}

/** WAL lets readers go on while one writes; FULL makes a commit durable before it returns. */
export function prepareSqlite(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 10000');
}

function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    return db.prepare('SELECT sqlite_version()').pluck().get() as string;
  } finally {
    db.close();
  }
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
