import type { Engine } from '../engines/engine.js';

/**
 * Sent on every server connection before anything else, so that nothing depends on how a server is configured. The
 * character set is set here as well: a server with `skip-character-set-client-handshake` ignores the handshake, and under
 * gbk the second byte of a character may be a backslash, which breaks out of an escaped literal.
 */
const SESSION_SETTINGS =
  "SET NAMES utf8mb4, SESSION time_zone = '+00:00', SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', SESSION innodb_lock_wait_timeout = 5";

/** Every later transaction, also that of a single statement, may only read. */
export const READ_ONLY = 'SET SESSION TRANSACTION READ ONLY';

const CHARACTER_SETS = 'SELECT @@character_set_client, @@character_set_connection, @@character_set_results';

/** A callback connection of mysql2. */
interface SettableConnection {
  query(
    options: { sql: string; rowsAsArray: true },
    done: (error: { message: string } | null, rows?: unknown) => void,
  ): void;
  readonly stream: { destroy(error: Error): void };
}

/**
 * Queues the settings on a new connection, and then the check that they took effect. A connection that fails it is
 * closed, so every statement queued behind fails.
 *
 * @param statements further settings
 * @param optional settings that a server may refuse, because it does not know them
 * @returns rejects with the reason
 */
export function configureConnection(
  connection: SettableConnection,
  statements: readonly string[] = [],
  optional: readonly string[] = [],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      // With a code, so that it is not taken for a lost connection.
      const error = Object.assign(new Error(reason), { code: 'SETTINGS_REFUSED' });
      // The driver hands an error of the socket to every statement in its queue; after `connection.destroy()` they hang.
      connection.stream.destroy(error);
      reject(error);
    };
    for (const sql of [SESSION_SETTINGS, ...statements])
      connection.query(
        { sql, rowsAsArray: true },
        (error) => error && fail(`a connection refused its settings: ${error.message}`),
      );
    for (const sql of optional) connection.query({ sql, rowsAsArray: true }, () => undefined);
    connection.query({ sql: CHARACTER_SETS, rowsAsArray: true }, (error, rows) => {
      if (error) return fail(error.message);
      const sets = (rows as unknown[][])[0] ?? [];
      if (sets.every((set) => set === 'utf8mb4')) return resolve();
      const found = sets.join(', ');
      fail(
        `The database connection uses the character sets ${found} instead of utf8mb4, which would corrupt text. ` +
          'Check the server and any proxy in front of it.',
      );
    });
  });
}

/** Ends every statement of a connection after `ms` on the server; the two servers differ in name and unit. */
export function statementLimit(engine: Engine, ms: number): string {
  return engine.family === 'mariadb'
    ? `SET SESSION max_statement_time = ${ms / 1000}`
    : `SET SESSION max_execution_time = ${Math.ceil(ms)}`;
}

/**
 * Where replication can say so, a transaction begins when everything that was committed before on any server is applied: on Galera
 * (wsrep_sync_wait) and with Group Replication (group_replication_consistency). Other servers do not know the variable, or it
 * has no effect.
 */
export function syncReads({ family }: Engine): string {
  return family === 'mariadb'
    ? 'SET SESSION wsrep_sync_wait = 1'
    : "SET SESSION group_replication_consistency = 'BEFORE'";
}
