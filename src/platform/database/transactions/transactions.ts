import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { ProblemError } from '../../http/problems/problem.js';
import { ENGINE, WRITER } from '../tokens.js';
import { type Engine, isRetriable } from '../engines/engine.js';
import { boundLists } from '../statements/bound-rows.js';
import {
  type BulkInsert,
  type Insert,
  MAX_INSERT_ROWS,
  bulkInsertOnSqlite,
  bulkInsertStatement,
  insertOnSqlite,
  insertStatement,
} from '../statements/insert.js';

/** What a repository is bound to while it writes: `repository.within(tx)`. There is no other way to write. */
export interface Transaction {
  readonly engine: Engine;
  /** TypeORM's manager of this transaction, for rows that are read or written singly or in lists. */
  readonly manager: EntityManager;
  /** Rows as arrays in the order of the columns; instants as text, integers as numbers. */
  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
  execute(sql: string, params?: readonly unknown[]): Promise<{ affectedRows: number; insertId: number }>;
  /**
   * As `rows`, for a statement whose text does not depend on its values: a server prepares it once for each connection.
   * Instants are read with `engine.instantText`.
   */
  prepared(sql: string, params: readonly (string | number | null)[]): Promise<unknown[][]>;
  /** Rows in their order. @returns the id of the first one, where the database assigns ids */
  insert(rows: Insert): Promise<number>;
  insertMany<T>(rows: BulkInsert<T>): Promise<void>;
}

const ATTEMPTS = 10;
/** Limit of all attempts together. The caller waits for them, and a late success is worth less than a clear failure. */
const GIVE_UP_MS = 15_000;

/** Runs work in a transaction, and again from its start when the engine reports that another run may succeed. */
@Injectable()
export class Transactions {
  /** SQLite has one connection for writing: its transactions run one after another. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(WRITER) private readonly writer: DataSource,
    @Inject(ENGINE) readonly engine: Engine,
  ) {}

  /**
   * @param work may run several times, so it must change nothing outside the transaction
   * @throws ProblemError `unavailable` when every attempt conflicted with other writers, or no connection became free in time
   */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.engine.family !== 'sqlite') return this.retry(() => this.onServer(work));
    const result = this.last.then(() => this.retry(() => this.onSqlite(work)));
    this.last = result.catch(() => undefined);
    return result;
  }

  private async retry<T>(attempt: () => Promise<T>): Promise<T> {
    const started = performance.now();
    for (let n = 1; ; n++) {
      try {
        return await attempt();
      } catch (error) {
        if (!isRetriable(error)) throw error;
        if (n === ATTEMPTS || performance.now() - started > GIVE_UP_MS) throw contended(error);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** n));
      }
    }
  }

  private async onServer<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    try {
      const connection = (await runner.connect()) as ServerConnection;
      // Under REPEATABLE READ a plain SELECT after a lock could still see the state before it.
      await runner.startTransaction('READ COMMITTED');
      try {
        const result = await work(serverTransaction(this.engine, runner.manager, connection));
        await runner.commitTransaction();
        return result;
      } catch (error) {
        await rollback(runner);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  private async onSqlite<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    const db = (await runner.connect()) as import('better-sqlite3').Database;
    // TypeORM would begin a deferred transaction, which fails when another process writes first.
    db.exec('BEGIN IMMEDIATE');
    setActive(runner, true);
    try {
      const result = await work(sqliteTransaction(this.engine, runner.manager, db));
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    } finally {
      setActive(runner, false);
    }
  }
}

/** So that `save` and its like do not begin a transaction inside this one. */
function setActive(runner: QueryRunner, isActive: boolean): void {
  (runner as { isTransactionActive: boolean }).isTransactionActive = isActive;
}

/** A lost connection cannot roll back, and the server has done so: the first error is the one to report. */
async function rollback(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
}

function contended(cause: unknown): ProblemError {
  const detail = 'Other requests kept writing the same rows. Nothing was changed; send this again shortly.';
  return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' }, cause });
}

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly rowsAsArray: true;
  readonly dateStrings: true;
}

type Done = (error: Error | null, result: unknown) => void;

/** The part of a connection of mysql2 that is used here: `query` expands parameters itself, `execute` prepares. */
interface ServerConnection {
  query(statement: Statement, done: Done): void;
  execute(statement: Statement, done: Done): void;
}

function serverTransaction(engine: Engine, manager: EntityManager, connection: ServerConnection): Transaction {
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

function sqliteTransaction(engine: Engine, manager: EntityManager, db: import('better-sqlite3').Database): Transaction {
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
