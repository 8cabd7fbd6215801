import {
  type Connection,
  type ConnectionOptions,
  type Pool,
  type PoolConnection,
  createConnection,
  createPool,
} from 'mysql2';
import { type PoolObserver, type WaitingPool, limitPoolWait } from '../connection/pool-wait.js';
import { type ServerAddress, serverAccess } from '../connection/server-access.js';
import { type ClosablePool, closeConnection, closeIdleConnections } from '../connection/server-connection.js';
import { ANSWER_MS, limitSilence } from '../connection/silence.js';
import { ServerSilentError, isUnavailable } from '../engines/database-errors.js';
import { configureConnection, statementLimit } from '../connection/session-settings.js';
import type { Engine } from '../engines/engine.js';
import { ServerEpoch } from './server-epoch.js';
import { ServerSnapshot, query } from './server-snapshot.js';
import { type Snapshot, Snapshots } from './snapshots.js';

export interface SnapshotLimits {
  /** Connections for reading, apart from those that write. */
  readonly connections: number;
  /** Milliseconds that a request waits for a connection. */
  readonly waitMs: number;
  /** Milliseconds after which the server ends a statement. */
  readonly statementMs: number;
  readonly observer?: PoolObserver;
}

type OpenedConnection = Parameters<typeof configureConnection>[0] & Parameters<typeof limitSilence>[0];

/** Snapshots of MySQL and MariaDB: REPEATABLE READ, read only, consistent from their first moment. */
export class ServerSnapshots extends Snapshots {
  private readonly pool: Pool;
  private readonly access: ConnectionOptions;
  private readonly epoch = new ServerEpoch();
  private readonly epochs = new WeakMap<PoolConnection, number>();
  /** Connections that this process closes. */
  private readonly abandoned = new WeakSet<PoolConnection>();
  /** Which server each connection leads to; undefined when that could not be read. */
  private readonly servers = new WeakMap<PoolConnection, Promise<string | undefined>>();

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
    this.pool.on('connection', (connection) => {
      const opened = connection as unknown as OpenedConnection;
      for (const event of ['error', 'end']) connection.on(event, () => this.lost(connection));
      limitSilence(opened, limits.statementMs + ANSWER_MS);
      configureConnection(opened, settings).catch(() => undefined);
      const server = serverIdentity(connection);
      this.servers.set(connection, server);
      void server.then((name) => {
        this.epoch.reached(name);
        this.epochs.set(connection, this.epoch.value);
      });
    });
  }

  override async open(signal: AbortSignal): Promise<Snapshot> {
    signal.throwIfAborted();
    const connection = await this.acquireCurrent();
    const silent = new ServerSilentError('The database did not begin a snapshot.');
    const limit = setTimeout(() => closeConnection(connection as unknown as OpenedConnection, silent), ANSWER_MS);
    try {
      await query(connection, 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY', []);
    } catch (error) {
      connection.destroy();
      this.closeIdleIfLost(error);
      throw error;
    } finally {
      clearTimeout(limit);
    }
    return new ServerSnapshot(connection, signal, {
      epoch: this.epochs.get(connection)!,
      kill: () => void this.kill(connection),
      failed: (error) => this.closeIdleIfLost(error),
    });
  }

  override close(): Promise<void> {
    return new Promise((resolve) => this.pool.end(() => resolve()));
  }

  /** The identity of a new connection is read before its first statement, so the epoch of every connection is known. */
  private async acquireCurrent(): Promise<PoolConnection> {
    for (;;) {
      const connection = await this.acquire();
      await this.servers.get(connection);
      if (this.epochs.get(connection) === this.epoch.value) return connection;
      connection.destroy();
    }
  }

  private lost(connection: PoolConnection): void {
    if (!this.abandoned.has(connection)) this.epoch.lost();
  }

  private acquire(): Promise<PoolConnection> {
    return new Promise((resolve, reject) =>
      this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
    );
  }

  /** The idle connections lead to the same server. */
  private closeIdleIfLost(error: unknown): void {
    if (isUnavailable(error)) closeIdleConnections(this.pool as unknown as ClosablePool);
  }

  /**
   * A statement continues on the server when its client closes the socket, so it is killed by the id of its connection.
   * The connection itself is killed: a KILL QUERY that overtakes its statement has no effect, and the statement would run on.
   * The KILL has its own connection, since those of the pool may all be busy. Behind a load balancer that connection may lead
   * to another server, where the id belongs to somebody else: then nothing is killed, and the statement ends at its time
   * limit. In any case the connection is closed.
   */
  private async kill(connection: PoolConnection): Promise<void> {
    this.abandoned.add(connection);
    const killer = createConnection(this.access);
    killer.on('error', () => undefined);
    const limit = setTimeout(() => killer.destroy(), ANSWER_MS);
    try {
      const [own, other] = await Promise.all([this.servers.get(connection), serverIdentity(killer)]);
      if (own !== undefined && own === other) await query(killer, `KILL ${Number(connection.threadId)}`, []);
    } catch {
      // A server that cannot be asked is left to the time limit as well.
    } finally {
      clearTimeout(limit);
      killer.destroy();
      closeConnection(connection as unknown as OpenedConnection, new ServerSilentError('The caller went away.'));
    }
  }
}

/** Tells servers apart, also several on one machine. @returns undefined when the server does not say */
function serverIdentity(connection: Connection): Promise<string | undefined> {
  const sql = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_id, @@datadir)";
  return query(connection, sql, []).then(
    ([row]) => String(row![0]),
    () => undefined,
  );
}
