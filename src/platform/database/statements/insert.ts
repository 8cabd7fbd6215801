import type { Database } from 'better-sqlite3';
import { type BoundColumns, type BoundValue, boundRows } from './bound-rows.js';
import type { Engine } from '../engines/engine.js';

/** Rows for a table that numbers them. */
export interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (BoundValue | Buffer)[])[];
  /** Follows the rows in the statement. */
  readonly tail?: string;
}

/** Many rows for a table that does not number them. */
export interface BulkInsert<T> {
  readonly table: string;
  readonly columns: BoundColumns;
  readonly rows: Iterable<T>;
  /** The values of a row, in the order of the columns. */
  values(row: T): readonly BoundValue[];
  /** The same values as a JSON array. */
  json(row: T): string;
}

/** Rows of one INSERT with VALUES. The longest row of such a table, a client with its name, is below 3 kB when escaped. */
export const MAX_INSERT_ROWS = 1000;

/**
 * An INSERT whose single parameter is the list of rows, which the driver expands and escapes. VALUES, because InnoDB then
 * gives consecutive ids; INSERT … SELECT reserves them in powers of two and would leave gaps.
 */
export function insertStatement({ table, columns, tail = '' }: Insert): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ? ${tail}`;
}

/** An INSERT from a bound list, see `boundRows`. */
export function bulkInsertStatement(
  engine: Engine,
  { table, columns }: Pick<BulkInsert<unknown>, 'table' | 'columns'>,
): string {
  const names = Object.keys(columns);
  const values = names.map((name) => (columns[name] === 'digits' ? `UNHEX(given.${name})` : `given.${name}`));
  return `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${boundRows(engine, columns, 'given')}`;
}

/**
 * Inserts row by row. It does not yield to the event loop: another transaction would find the one connection in the
 * middle of this one.
 *
 * @returns id of the first row
 */
export function insertOnSqlite(db: Database, { table, columns, rows, tail = '' }: Insert): number {
  const places = columns.map(() => '?').join(', ');
  const statement = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places}) ${tail}`);
  let first = 0;
  for (const row of rows) {
    const { lastInsertRowid } = statement.run(...row);
    if (first === 0) first = Number(lastInsertRowid);
  }
  return first;
}

/** As `insertOnSqlite`: one statement run for each row is faster here than unpacking a list (ADR 29). */
export function bulkInsertOnSqlite<T>(db: Database, { table, columns, rows, values }: BulkInsert<T>): void {
  const names = Object.keys(columns);
  const places = names.map((name) => (columns[name] === 'digits' ? 'unhex(?)' : '?')).join(', ');
  const statement = db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`);
  for (const row of rows) statement.run(...values(row));
}
