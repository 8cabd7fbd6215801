import type { DataSource, QueryRunner } from 'typeorm';
import { ANSWER_MS } from '../connection/silence.js';
import type { Engine } from '../engines/engine.js';
import { requireWriter } from '../reads/require-writer.js';
import { Availability } from './availability.js';
import { sqliteTransaction } from './bound-transaction.js';
import { retried } from './retry.js';
import { attemptOnServer } from './server-attempt.js';
import type { Transaction } from './transaction.js';

export type { Transaction } from './transaction.js';

/** Limits of transactions on a server, in milliseconds. */
export interface TransactionLimits {
  /** How long a call tries to reach a database that is unavailable. */
  readonly unavailableMs: number;
  /** Time of one transaction, after which its connection is closed. */
  readonly transactionMs: number;
}

const DEFAULT_LIMITS: TransactionLimits = { unavailableMs: 5000, transactionMs: 30_000 };

export interface RunOptions {
  /**
   * Whether the work may run again when its COMMIT was not answered, so that it may have taken effect. For work that has the
   * same effect when it is done twice, or that looks for its earlier result. Otherwise the caller is told that the outcome is
   * not known.
   */
  readonly mayRepeat?: boolean;
  /** A lower limit for the time of this transaction, in milliseconds. */
  readonly transactionMs?: number;
}

/**
 * The work of a transaction. It may run several times, so it must change nothing outside the transaction.
 *
 * @param doubtful results of earlier runs whose COMMIT was not answered, so each took effect or did not. An earlier run keeps
 *   its locks until that is settled: what this run reads after it has locked the same rows is final.
 */
export type Work<T> = (tx: Transaction, doubtful: readonly T[]) => Promise<T>;

/** Runs work in a transaction, and again from its start when another run may succeed (ADR 56). */
export class Transactions {
  /** SQLite has one connection for writing: its transactions run one after another. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly availability: Availability;

  constructor(
    private readonly writer: DataSource,
    readonly engine: Engine,
    private readonly limits = DEFAULT_LIMITS,
  ) {
    this.availability = new Availability(limits.unavailableMs);
  }

  /**
   * @throws ProblemError `unavailable` when every attempt conflicted with other writers, the database could not be reached, or
   *   no connection became free in time
   */
  run<T>(work: Work<T>, options: RunOptions = {}): Promise<T> {
    if (this.engine.family !== 'sqlite') return this.onServer(work, options);
    // A commit of SQLite is a call within this process, so it is never in doubt.
    const result = this.last.then(() => retried(() => this.onSqlite(work), this.availability, true));
    this.last = result.catch(() => undefined);
    return result;
  }

  /**
   * Looks once whether the database takes changes, without making one. The SQLite database is always its own writer.
   *
   * @throws Error when it does not, or does not answer
   */
  async requireWriter(): Promise<void> {
    if (this.engine.family === 'sqlite') return;
    await attemptOnServer(this.writer, {
      engine: this.engine,
      work: ({ manager }) => requireWriter((sql) => manager.query(sql)),
      limitMs: ANSWER_MS,
      onDoubt: () => undefined,
    });
  }

  private onServer<T>(work: Work<T>, { mayRepeat = false, transactionMs = Infinity }: RunOptions): Promise<T> {
    const doubtful: T[] = [];
    const attempt = {
      engine: this.engine,
      work: (tx: Transaction) => work(tx, doubtful),
      limitMs: Math.min(transactionMs, this.limits.transactionMs),
      onDoubt: (result: T) => doubtful.push(result),
    };
    return retried(() => attemptOnServer(this.writer, attempt), this.availability, mayRepeat);
  }

  private async onSqlite<T>(work: Work<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    const db = (await runner.connect()) as import('better-sqlite3').Database;
    // TypeORM would begin a deferred transaction, which fails when another process writes first.
    db.exec('BEGIN IMMEDIATE');
    setActive(runner, true);
    try {
      const result = await work(sqliteTransaction(this.engine, runner.manager, db), []);
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
