import { type ConnectionOptions, type Pool, type PoolConnection, createConnection, createPool } from 'mysql2';
import { type PoolObserver, type WaitingPool, limitPoolWait } from '../connection/pool-wait.js';
import { type ServerAddress, serverAccess } from '../connection/server-access.js';
import { type ClosableConnection, closeConnection } from '../connection/server-connection.js';
import { configureConnection, statementLimit } from '../connection/session-settings.js';
import { ServerSilentError } from '../engines/database-errors.js';
import type { Engine } from '../engines/engine.js';
import { ServerSnapshot, query } from './server-snapshot.js';
import { type Snapshot, Snapshots } from './snapshots.js';

const BEGIN = 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY';

export interface SnapshotLimits {
  /** Connections for reading, apart from those that write. */
  readonly connections: number;
  /** Milliseconds that a request waits for a connection. */
  readonly waitMs: number;
  /** Milliseconds after which the server ends a statement. */
  readonly statementMs: number;
  readonly observer?: PoolObserver;
  /** Settings of each connection that a server may not know. */
  readonly optionalSettings?: readonly string[];
}

/** Snapshots of MySQL and MariaDB: REPEATABLE READ, read only, consistent from their first moment. */
export class ServerSnapshots extends Snapshots {
  private readonly pool: Pool;
  private readonly access: ConnectionOptions;

  constructor(address: ServerAddress, engine: Engine, limits: SnapshotLimits) {
    super();
    this.access = { ...serverAccess(address), charset: 'utf8mb4' };
    const connectionLimit = limits.connections;
    const types = { dateStrings: true, supportBigNumbers: true, rowsAsArray: true } as const;
    this.pool = createPool({ ...this.access, ...types, connectionLimit, maxIdle: connectionLimit });
    limitPoolWait(this.pool as Pool & WaitingPool<PoolConnection>, limits.waitMs, limits.observer);
    const settings = [
      'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
      statementLimit(engine, limits.statementMs),
    ];
    // Queued before anything that the first user of the connection sends; that statement reports a refusal.
    this.pool.on(
      'connection',
      (connection) =>
        void configureConnection(
          connection as unknown as Parameters<typeof configureConnection>[0],
          settings,
          limits.optionalSettings,
        ).catch(() => undefined),
    );
  }

  override async open(signal: AbortSignal): Promise<Snapshot> {
    signal.throwIfAborted();
    const connection = await this.acquire();
    try {
      await query(connection, BEGIN, []);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return new ServerSnapshot(connection, signal, () => this.kill(connection));
  }

  /**
   * Opens a snapshot and runs a short statement on it.
   *
   * @param opening ends both by closing the connection: a server that stands still would hold it
   * @param signal that of the snapshot
   */
  async openWith(
    opening: AbortSignal,
    signal: AbortSignal,
    sql: string,
  ): Promise<{ snapshot: Snapshot; rows: unknown[][] }> {
    opening.throwIfAborted();
    const connection = await this.acquire();
    const close = () =>
      closeConnection(
        connection as unknown as ClosableConnection,
        new ServerSilentError('No snapshot was opened in time.'),
      );
    opening.addEventListener('abort', close);
    try {
      opening.throwIfAborted();
      const [, rows] = await Promise.all([query(connection, BEGIN, []), query(connection, sql, [])]);
      return { snapshot: new ServerSnapshot(connection, signal, () => this.kill(connection)), rows };
    } catch (error) {
      connection.destroy();
      throw error;
    } finally {
      opening.removeEventListener('abort', close);
    }
  }

  override close(): Promise<void> {
    return new Promise((resolve) => this.pool.end(() => resolve()));
  }

  private acquire(): Promise<PoolConnection> {
    return new Promise((resolve, reject) =>
      this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
    );
  }

  /**
   * A statement continues on the server when its client closes the socket, so it is killed by the id of its connection.
   * The connection itself is killed: a KILL QUERY that overtakes its statement has no effect, and the statement would run on.
   * The KILL has its own connection, since those of the pool may all be busy. It needs no session settings: its text is
   * ASCII and nothing is read.
   */
  private kill(connection: PoolConnection): void {
    const killer = createConnection(this.access);
    killer.on('error', () => undefined);
    killer.query(`KILL ${Number(connection.threadId)}`, () => killer.destroy());
  }
}
