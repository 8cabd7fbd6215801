import { type ConnectionOptions, type Pool, type PoolConnection, createConnection, createPool } from 'mysql2';
import { type PoolObserver, type WaitingPool, limitPoolWait } from '../connection/pool-wait.js';
import { type ServerAddress, serverAccess } from '../connection/server-access.js';
import {
  type ClosableConnection,
  type ClosablePool,
  closeConnection,
  closeIdleConnections,
} from '../connection/server-connection.js';
import { configureConnection, statementLimit } from '../connection/session-settings.js';
import { ANSWER_MS, limitSilence } from '../connection/silence.js';
import { ServerSilentError, isUnavailable } from '../engines/database-errors.js';
import type { Engine } from '../engines/engine.js';
import { PoolServer, serverOf } from './pool-server.js';
import type { ServerEpochs } from './server-epochs.js';
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
  readonly epochs: ServerEpochs;
  /** Settings of each connection that a server may not know. */
  readonly optionalSettings?: readonly string[];
}

type OpenedConnection = Parameters<typeof configureConnection>[0] & Parameters<typeof limitSilence>[0];

/** Snapshots of MySQL and MariaDB: REPEATABLE READ, read only, consistent from their first moment. */
export class ServerSnapshots extends Snapshots {
  private readonly pool: Pool;
  private readonly access: ConnectionOptions;
  private readonly server: PoolServer<PoolConnection>;

  constructor(address: ServerAddress, engine: Engine, limits: SnapshotLimits) {
    super();
    this.access = { ...serverAccess(address), charset: 'utf8mb4' };
    this.server = new PoolServer(limits.epochs);
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
      limitSilence(opened, limits.statementMs + ANSWER_MS);
      configureConnection(opened, settings, limits.optionalSettings).catch(() => undefined);
      this.server.opened(connection);
    });
  }

  override async open(signal: AbortSignal): Promise<Snapshot> {
    signal.throwIfAborted();
    const opening = new AbortController();
    const limit = setTimeout(() => opening.abort(), ANSWER_MS);
    try {
      return (await this.begin(opening.signal, signal, [])).snapshot;
    } finally {
      clearTimeout(limit);
    }
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
    const { snapshot, results } = await this.begin(opening, signal, [sql]);
    return { snapshot, rows: results[0]! };
  }

  /** @param statements run on the snapshot */
  private async begin(opening: AbortSignal, signal: AbortSignal, statements: readonly string[]) {
    const connection = await this.acquire();
    const silent = new ServerSilentError('No snapshot was opened in time.');
    const close = () => closeConnection(connection as unknown as ClosableConnection, silent);
    opening.addEventListener('abort', close);
    try {
      opening.throwIfAborted();
      const [, ...results] = await Promise.all([BEGIN, ...statements].map((sql) => query(connection, sql, [])));
      const context = {
        epoch: this.server.epochOf(connection),
        kill: () => void this.kill(connection),
        failed: (error: unknown) => this.closeIdleIfLost(error),
      };
      return { snapshot: new ServerSnapshot(connection, signal, context), results };
    } catch (error) {
      connection.destroy();
      this.closeIdleIfLost(error);
      throw error;
    } finally {
      opening.removeEventListener('abort', close);
    }
  }

  override close(): Promise<void> {
    return new Promise((resolve) => this.pool.end(() => resolve()));
  }

  private async acquire(): Promise<PoolConnection> {
    for (;;) {
      const connection = await new Promise<PoolConnection>((resolve, reject) =>
        this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection))),
      );
      if (this.server.isCurrent(connection)) return connection;
      connection.destroy();
    }
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
    this.server.abandon(connection);
    const killer = createConnection(this.access);
    killer.on('error', () => undefined);
    const limit = setTimeout(() => killer.destroy(), ANSWER_MS);
    try {
      const name = await new Promise<string | undefined>((resolve) => serverOf(killer, resolve));
      if (this.server.leadsTo(connection, name)) await query(killer, `KILL ${Number(connection.threadId)}`, []);
    } catch {
      // A server that cannot be asked is left to the time limit as well.
    } finally {
      clearTimeout(limit);
      killer.destroy();
      closeConnection(connection as unknown as ClosableConnection, new ServerSilentError('The caller went away.'));
    }
  }
}
