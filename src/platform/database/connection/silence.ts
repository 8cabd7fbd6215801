import { ServerSilentError } from '../engines/database-errors.js';
import { type ClosableConnection, closeConnection } from './server-connection.js';

/** Milliseconds within which a server answers what costs it nothing: a new connection, the beginning of a transaction. */
export const ANSWER_MS = 3000;

/** The driver has no public access to the statement that a connection runs. */
interface WatchedConnection {
  readonly stream: ClosableConnection['stream'] & { setTimeout(ms: number, listener: () => void): void };
  readonly _command?: object | null;
}

/**
 * Closes the connection when a statement runs and nothing has arrived or left for this long: the server stands still, or the
 * network in between is lost without a sign. A limit on the server does not help then.
 */
export function limitSilence(connection: WatchedConnection, ms: number): void {
  connection.stream.setTimeout(ms, () => {
    if (connection._command)
      closeConnection(connection, new ServerSilentError(`The database sent nothing for ${ms} ms.`));
  });
}
