import { serverLiteral, sqliteLiteral } from '../insert.js';

/** What differs between the databases, in one place. */
export interface Engine {
  readonly family: 'sqlite' | 'mysql' | 'mariadb';
  /** `SELECT VERSION()`, or that of the SQLite library. */
  readonly version: string;
  /** An insert that leaves rows alone which are there already. */
  readonly insertIgnore: string;
  /** Ends a SELECT that must hold its rows until the transaction ends. SQLite has one writer at a time, so needs none. */
  readonly forUpdate: string;
  /** Ends a SELECT whose rows may be held by others like it, and may not change until the transaction ends. */
  readonly forShare: string;
  /** Most groups of an OR. SQLite allows a tree of 1,000 levels, and each OR is one. */
  readonly maxGroups: number;
  /** Follows a table: looks rows up through this index whatever the statistics say, which lag behind a table that grows. */
  forceIndex(name: string): string;
  /** Ends an INSERT that changes the rows which are there already; assignments follow. */
  readonly onDuplicate: string;
  /** In such an assignment: the value that was to be inserted. */
  incoming(column: string): string;
  /** A value as it stands in a statement: for lists that are too long for parameters to be worth their cost. */
  literal(value: string | number): string;
}

export function sqliteEngine(version: string): Engine {
  return {
    family: 'sqlite',
    version,
    insertIgnore: 'INSERT OR IGNORE',
    forUpdate: '',
    forShare: '',
    maxGroups: 100,
    forceIndex: () => '',
    onDuplicate: 'ON CONFLICT DO UPDATE SET',
    incoming: (column) => `excluded.${column}`,
    literal: sqliteLiteral,
  };
}

/** @param version text of `SELECT VERSION()`; MariaDB always names itself there */
export function serverEngine(version: string): Engine {
  const family = /mariadb/i.test(version) ? 'mariadb' : 'mysql';
  return {
    family,
    version,
    insertIgnore: 'INSERT IGNORE',
    forUpdate: ' FOR UPDATE',
    forShare: ' LOCK IN SHARE MODE',
    maxGroups: 1000,
    forceIndex: (name) => ` FORCE INDEX (${name})`,
    onDuplicate: 'ON DUPLICATE KEY UPDATE',
    incoming: (column) => `VALUES(${column})`,
    literal: serverLiteral,
  };
}

/** Byte-wise comparison without padding, so that `a` and `a ` stay two names. */
export function textType(engine: Pick<Engine, 'family'>, length: number): string {
  if (engine.family === 'sqlite') return `VARCHAR(${length})`;
  const collation = engine.family === 'mariadb' ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
  return `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE ${collation}`;
}

const RETRIED = new Set([
  ...['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_DUP_ENTRY', 'ER_LOCK_NOWAIT', 'ER_CHECKREAD'],
  'SQLITE_BUSY',
]);

/** Whether running the whole transaction once more may succeed. A duplicate key is a race that the next run will see. */
export function isRetriable(error: unknown): boolean {
  const code = driverCode(error);
  return (
    code !== undefined &&
    (RETRIED.has(code) || code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_CONSTRAINT_UNIQUE'))
  );
}

/** MySQL 3024, MariaDB 1969: the server ended the statement at its time limit. */
export function isTimeLimit(error: unknown): boolean {
  const errno = (error as { errno?: number } | null)?.errno;
  return errno === 3024 || errno === 1969;
}

function driverCode(error: unknown): string | undefined {
  const inner = (error as { driverError?: unknown } | null)?.driverError ?? error;
  const code = (inner as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Ends every statement of a connection after `ms` on the server's side; the two servers differ in name and unit. */
export function statementLimit(engine: Engine, ms: number): string {
  return engine.family === 'mariadb'
    ? `SET SESSION max_statement_time = ${ms / 1000}`
    : `SET SESSION max_execution_time = ${Math.ceil(ms)}`;
}

/** Settings that every server connection gets: nothing of ours may depend on how a server is configured. */
export const SESSION_SETTINGS =
  "SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', innodb_lock_wait_timeout = 5";
