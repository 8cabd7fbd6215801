/**
 * What an error of a driver means for the work that it ended. Servers are told apart by their error numbers, as the driver has
 * no name for some of them: https://mariadb.com/kb/en/mariadb-error-code-reference/ and "Server Error Message Reference" of
 * MySQL.
 */

/** Group Replication: a conflict with another node. */
const GROUP_CONFLICT = 3101;

/** The transaction was rolled back because of another one. */
const CONFLICT_NUMBERS = new Set([
  1020, // a row changed after it was read
  1062, // duplicate key: a race whose winner the next run sees
  ...[1205, 1213], // lock wait timeout, deadlock; on Galera also a conflict with another node, at COMMIT
  GROUP_CONFLICT,
  3572, // NOWAIT
  ...[8002, 8005, 8028, 9007], // TiDB: write conflict, schema change
]);

/** The server does not take the statement now, and may do so later, or another server may. */
const NOT_READY_NUMBERS = new Set([
  1047, // Galera: the node is not connected to the primary component
  1180, // error during COMMIT: Galera reports a node that is leaving so
  ...[1290, 1792, 1836], // read only: a replica, or a primary that was replaced
  3032, // offline mode
  3100, // Group Replication: the group cannot be reached
  ...[3797, 3798], // Group Replication: a consistency level was not reached in time
]);

/** The connection ended, or none can be made. */
const LOST_NUMBERS = new Set([
  ...[1040, 1203], // too many connections
  ...[1053, 1077, 1079, 1152, 1184], // shutdown, aborted connection
  ...[1158, 1159, 1160, 1161], // network
  ...[1317, 1927, 3169], // statement interrupted, connection killed
  3168, // server not available
  4031, // closed because it was idle
]);
const LOST_CODES = new Set([
  ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE'],
  ...['ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN', 'ENOTFOUND'],
]);

/** Reason with which this process closes a connection whose server does not answer. */
export class ServerSilentError extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Whether running the whole transaction again may succeed, because others caused the failure. */
export function isConflict(error: unknown): boolean {
  const { code, errno } = driverError(error);
  return CONFLICT_NUMBERS.has(errno) || code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_CONSTRAINT_UNIQUE');
}

/**
 * Whether such an answer to a COMMIT says that it had no effect. A member that Group Replication expels reports a conflict as
 * well, but the group may apply the transaction.
 */
export function isRolledBack(error: unknown): boolean {
  return isConflict(error) && driverError(error).errno !== GROUP_CONFLICT;
}

/** Whether the database could not be reached or used, so that its connections should not be used again. */
export function isUnavailable(error: unknown): boolean {
  return isLost(error) || isNotReady(error);
}

/** Whether the server answered that it does not take such a statement at present. */
export function isNotReady(error: unknown): boolean {
  return NOT_READY_NUMBERS.has(driverError(error).errno);
}

function isLost(error: unknown): boolean {
  const { code, errno, isFatal } = driverError(error);
  // The driver gives no code to statements that come after the end of a connection.
  return LOST_NUMBERS.has(errno) || LOST_CODES.has(code) || (isFatal && code === '' && errno === 0);
}

/** MySQL 3024, MariaDB 1969: the server ended the statement at its time limit. */
export function isTimeLimit(error: unknown): boolean {
  const { errno } = driverError(error);
  return errno === 3024 || errno === 1969;
}

interface DriverError {
  /** Empty when there is none. */
  readonly code: string;
  /** Of a server; 0 when there is none. Errors of the network have negative ones. */
  readonly errno: number;
  readonly isFatal: boolean;
}

function driverError(error: unknown): DriverError {
  const inner = (error as { driverError?: unknown } | null)?.driverError ?? error;
  const { code, errno, fatal } = (inner ?? {}) as { code?: unknown; errno?: unknown; fatal?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    errno: typeof errno === 'number' ? errno : 0,
    isFatal: fatal === true,
  };
}
