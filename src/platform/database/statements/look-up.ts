import { type BoundColumns, type BoundValue, boundLists, boundRows } from './bound-rows.js';
import type { Transaction } from '../transactions/transactions.js';

export interface LookUp {
  readonly table: string;
  /** An index that begins with the columns of `key`. */
  readonly index: string;
  readonly key: BoundColumns;
  /** Expressions to select; the table is `t`. */
  readonly select: readonly string[];
  readonly keys: readonly (readonly BoundValue[])[];
  /** Locks the rows until the transaction ends. */
  readonly lock?: boolean;
}

/** Reads the rows with the given keys: one index look-up for each key, in the order of the keys. */
export async function lookUp(tx: Transaction, { table, index, key, select, keys, lock }: LookUp): Promise<unknown[][]> {
  const { engine } = tx;
  const on = Object.keys(key).map((column) => `t.${column} = given.${column}`);
  const sql = `SELECT ${select.join(', ')} FROM ${boundRows(engine, key, 'given')}
    ${engine.straightJoin} ${table} AS t${engine.forceIndex(index)} ON ${on.join(' AND ')}${lock ? engine.forUpdateOf('t') : ''}`;
  const rows: unknown[][] = [];
  for (const list of boundLists(keys.map((values) => JSON.stringify(values))))
    for (const row of await tx.prepared(sql, [list])) rows.push(row);
  return rows;
}
