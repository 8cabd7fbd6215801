import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import { ProblemError } from '../../http/problems/problem.js';
import { DATA_SOURCE, ENGINE } from '../tokens.js';
import { type Engine, isRetriable } from '../engines/engine.js';
import { type Insert, insertOnSqlite, insertStatements } from '../insert.js';

/** What a repository is bound to while it writes; there is no way to write outside of one. */
export interface Transaction {
  readonly engine: Engine;
  /** Rows as arrays in the order of the columns; instants as text, integers as numbers. */
  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
  execute(sql: string, params?: readonly unknown[]): Promise<{ affectedRows: number; insertId: number }>;
  /** Many rows, in their order. @returns the id that the first one was given, where the database numbers them */
  insert(rows: Insert): Promise<number>;
}

const ATTEMPTS = 10;
/** Whoever sent the work waits; after so long they had better hear that it did not succeed. */
const GIVE_UP_MS = 15_000;

/** Runs work in a transaction, again from its start when the engine says that another run may succeed. */
@Injectable()
export class Transactions {
  /** SQLite has one connection for writing: transactions wait here for their turn. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(ENGINE) readonly engine: Engine,
  ) {}

  /**
   * @param work may run several times, so must touch nothing but the transaction
   * @throws ProblemError `unavailable` when it met with others again and again
   */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.engine.family !== 'sqlite') return this.retry(() => this.onServer(work));
    const result = this.turn.then(() => this.retry(() => this.onSqlite(work)));
    this.turn = result.catch(() => undefined);
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
    const runner = this.dataSource.createQueryRunner();
    try {
      const connection = (await runner.connect()) as ServerConnection;
      // Under REPEATABLE READ a plain SELECT after a lock could still see the state before it.
      await runner.startTransaction('READ COMMITTED');
      try {
        const result = await work(serverTransaction(this.engine, connection));
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
    const db = (await this.dataSource.createQueryRunner().connect()) as import('better-sqlite3').Database;
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(sqliteTransaction(this.engine, db));
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** A connection that died cannot roll back, and has: the first error is the one to report. */
async function rollback(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
}

function contended(cause: unknown): ProblemError {
  const detail = 'Others kept writing the same rows; nothing was changed, so send this again shortly.';
  return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' }, cause });
}

interface ServerConnection {
  query(
    options: { sql: string; values: readonly unknown[] | null; rowsAsArray?: boolean; dateStrings?: boolean },
    done: (error: Error | null, result: unknown) => void,
  ): void;
}

function serverTransaction(engine: Engine, connection: ServerConnection): Transaction {
  // Null, not absent: the driver then does not search the text, which may be long, for places of parameters.
  const query = (sql: string, values: readonly unknown[] | null = null) =>
    new Promise<unknown>((resolve, reject) =>
      connection.query({ sql, values, rowsAsArray: true, dateStrings: true }, (e, r) => (e ? reject(e) : resolve(r))),
    );
  return {
    engine,
    rows: async (sql, params) => (await query(sql, params)) as unknown[][],
    execute: async (sql, params) => (await query(sql, params)) as { affectedRows: number; insertId: number },
    insert: async (rows) => {
      let first = 0;
      for (const sql of insertStatements(rows)) {
        const { insertId } = (await query(sql)) as { insertId: number };
        if (first === 0) first = insertId;
      }
      return first;
    },
  };
}

function sqliteTransaction(engine: Engine, db: import('better-sqlite3').Database): Transaction {
  return {
    engine,
    rows: async (sql, params = []) =>
      db
        .prepare(sql)
        .raw()
        .all(...params) as unknown[][],
    execute: async (sql, params = []) => {
      const { changes, lastInsertRowid } = db.prepare(sql).run(...params);
      return { affectedRows: changes, insertId: Number(lastInsertRowid) };
    },
    insert: (rows) => insertOnSqlite(db, rows),
  };
}
