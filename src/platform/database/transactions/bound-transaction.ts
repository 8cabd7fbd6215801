import type { EntityManager } from 'typeorm';
import type { Engine } from '../engines/engine.js';
import { boundLists } from '../statements/bound-rows.js';
import {
  MAX_INSERT_ROWS,
  bulkInsertOnSqlite,
  bulkInsertStatement,
  insertOnSqlite,
  insertStatement,
} from '../statements/insert.js';
import type { Transaction } from './transaction.js';

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly rowsAsArray: true;
  readonly dateStrings: true;
}

type Done = (error: Error | null, result: unknown) => void;

/** The part of a connection of mysql2 that is used here: `query` expands parameters itself, `execute` prepares. */
export interface StatementConnection {
  query(statement: Statement, done: Done): void;
  execute(statement: Statement, done: Done): void;
}

export function serverTransaction(
  engine: Engine,
  manager: EntityManager,
  connection: StatementConnection,
): Transaction {
  const send = (method: 'query' | 'execute', sql: string, values: readonly unknown[] = []) =>
    new Promise<unknown>((resolve, reject) =>
      connection[method]({ sql, values, rowsAsArray: true, dateStrings: true }, (e, r) => (e ? reject(e) : resolve(r))),
    );
  return {
    engine,
    manager,
    rows: async (sql, params) => (await send('query', sql, params)) as unknown[][],
    execute: async (sql, params) => (await send('query', sql, params)) as { affectedRows: number; insertId: number },
    prepared: async (sql, params) => (await send('execute', sql, params)) as unknown[][],
    insert: async (insert) => {
      let first = 0;
      for (let from = 0; from < insert.rows.length; from += MAX_INSERT_ROWS) {
        const part = insert.rows.slice(from, from + MAX_INSERT_ROWS);
        const { insertId } = (await send('query', insertStatement(insert), [part])) as { insertId: number };
        if (first === 0) first = insertId;
      }
      return first;
    },
    insertMany: async (insert) => {
      const sql = bulkInsertStatement(engine, insert);
      for (const list of boundLists(mapped(insert.rows, (row) => insert.json(row)))) await send('execute', sql, [list]);
    },
  };
}

function* mapped<T, U>(items: Iterable<T>, change: (item: T) => U): Generator<U> {
  for (const item of items) yield change(item);
}

export function sqliteTransaction(
  engine: Engine,
  manager: EntityManager,
  db: import('better-sqlite3').Database,
): Transaction {
  const rows = async (sql: string, params: readonly unknown[] = []) =>
    db
      .prepare(sql)
      .raw()
      .all(...params) as unknown[][];
  return {
    engine,
    manager,
    rows,
    prepared: rows,
    execute: async (sql, params = []) => {
      const { changes, lastInsertRowid } = db.prepare(sql).run(...params);
      return { affectedRows: changes, insertId: Number(lastInsertRowid) };
    },
    insert: async (rows) => insertOnSqlite(db, rows),
    insertMany: async (rows) => bulkInsertOnSqlite(db, rows),
  };
}
