import type { DataSource, QueryRunner } from 'typeorm';
import { type ClosableConnection, closeConnection, closeServer } from '../connection/server-connection.js';
import { ANSWER_MS } from '../connection/silence.js';
import { ServerSilentError, isRolledBack, isUnavailable } from '../engines/database-errors.js';
import type { Engine } from '../engines/engine.js';
import { type StatementConnection, serverTransaction } from './bound-transaction.js';
import { CommitInDoubtError } from './commit-in-doubt.error.js';
import type { Transaction } from './transaction.js';

type ServerConnection = StatementConnection & ClosableConnection;

export interface ServerAttempt<T> {
  readonly engine: Engine;
  readonly work: (tx: Transaction) => Promise<T>;
  /** Milliseconds after which the connection is closed. A server that stands still would hold the caller otherwise. */
  readonly limitMs: number;
  /** Called with the result when the outcome of the COMMIT is not known. */
  readonly onDoubt: (result: T) => void;
}

/**
 * Runs `work` once in a transaction on a server.
 *
 * @throws CommitInDoubtError when the COMMIT was sent and neither succeeded nor was refused
 */
export async function attemptOnServer<T>(writer: DataSource, attempt: ServerAttempt<T>): Promise<T> {
  const runner = writer.createQueryRunner();
  const connection = (await runner.connect()) as ServerConnection;
  let expired: Error | undefined;
  const expire = (ms: number) =>
    setTimeout(() => {
      expired = new ServerSilentError(`A transaction took longer than ${ms} ms.`);
      closeConnection(connection, expired);
    }, ms);
  const beginning = expire(Math.min(ANSWER_MS, attempt.limitMs));
  const deadline = expire(attempt.limitMs);
  try {
    // Under REPEATABLE READ a plain SELECT after a lock could still see the state before it.
    await runner.startTransaction('READ COMMITTED');
    clearTimeout(beginning);
    return await withinTransaction(runner, connection, attempt);
  } catch (thrown) {
    const isInCommit = thrown instanceof CommitInDoubtError;
    const error: unknown = expired ?? (isInCommit ? thrown.cause : thrown);
    if (!isUnavailable(error)) await rollBack(runner, connection);
    else if (error instanceof Error) closeServer(writer, connection, error);
    throw isInCommit && !isRolledBack(error) ? new CommitInDoubtError(error) : error;
  } finally {
    clearTimeout(beginning);
    clearTimeout(deadline);
    await runner.release();
  }
}

async function withinTransaction<T>(
  runner: QueryRunner,
  connection: ServerConnection,
  { engine, work, onDoubt }: ServerAttempt<T>,
): Promise<T> {
  const result = await work(serverTransaction(engine, runner.manager, connection));
  try {
    await runner.commitTransaction();
  } catch (error) {
    onDoubt(result);
    throw new CommitInDoubtError(error);
  }
  return result;
}

/** A connection that cannot roll back must not reach another caller with its transaction. */
async function rollBack(runner: QueryRunner, connection: ServerConnection): Promise<void> {
  if (!runner.isTransactionActive) return;
  await runner.rollbackTransaction().catch((error: Error) => closeConnection(connection, error));
}
