import { createPool, type Pool, type PoolConnection } from 'mysql2';
import { ProblemError } from '../common/problem.js';
import type { DatabaseAddress } from './database-url.js';
import { type Engine, SESSION_SETTINGS, isTimeLimit, statementLimit } from './engine.js';
import { type Snapshot, Snapshots } from './snapshots.js';

export interface SnapshotLimits {
  /** Connections for reading, apart from those that write. */
  readonly connections: number;
  /** Milliseconds that a request waits for a connection. */
  readonly waitMs: number;
  /** Milliseconds after which the server ends a statement. */
  readonly statementMs: number;
}

/** Snapshots of MySQL and MariaDB: REPEATABLE READ, read only, consistent from their first moment. */
export class ServerSnapshots extends Snapshots {
  private readonly pool: Pool;

  constructor(
    address: Extract<DatabaseAddress, { kind: 'server' }>,
    engine: Engine,
    private readonly limits: SnapshotLimits,
  ) {
    super();
    const { host, port, user, password, database } = address;
    const connectionLimit = limits.connections;
    const types = { dateStrings: true, supportBigNumbers: true, rowsAsArray: true, charset: 'utf8mb4' } as const;
    this.pool = createPool({
      host,
      port,
      user,
      password,
      database,
      connectionLimit,
      maxIdle: connectionLimit,
      ...types,
    });
    // Queued on the connection before anything that its first user sends.
    this.pool.on('connection', (connection) => {
      connection.query(SESSION_SETTINGS);
      connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      connection.query(statementLimit(engine, limits.statementMs));
    });
  }

  override async open(signal: AbortSignal): Promise<Snapshot> {
    signal.throwIfAborted();
    const connection = await this.acquire();
    try {
      await query(connection, 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY', []);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return this.snapshot(connection, signal);
  }

  override close(): Promise<void> {
    return new Promise((resolve) => this.pool.end(() => resolve()));
  }

  private snapshot(connection: PoolConnection, signal: AbortSignal): Snapshot {
    let open = true;
    let broken = false;
    return {
      rows: async (sql, params = []) => {
        signal.throwIfAborted();
        const kill = () => this.kill(connection);
        signal.addEventListener('abort', kill);
        try {
          return await query(connection, sql, params);
        } catch (error) {
          broken = true;
          signal.throwIfAborted();
          if (isTimeLimit(error))
            throw new ProblemError('time-limit', 'The database ended the statement at its time limit.');
          throw error;
        } finally {
          signal.removeEventListener('abort', kill);
        }
      },
      release: async () => {
        if (!open) return;
        open = false;
        // After a fault, or with a KILL on its way, the connection may not be given to somebody else.
        if (broken || signal.aborted) return connection.destroy();
        await query(connection, 'COMMIT', []).then(
          () => connection.release(),
          () => connection.destroy(),
        );
      },
    };
  }

  private acquire(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      let waiting = true;
      const timer = setTimeout(() => {
        waiting = false;
        const detail = 'All database connections are in use; try again shortly.';
        reject(new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' } }));
      }, this.limits.waitMs);
      this.pool.getConnection((error, connection) => {
        clearTimeout(timer);
        if (!waiting) connection?.release();
        else if (error) reject(error);
        else resolve(connection);
      });
    });
  }

  /** The statement goes on in the server when a client closes its socket, so it is ended by name. */
  private kill(connection: PoolConnection): void {
    this.pool.query(`KILL QUERY ${Number(connection.threadId)}`, () => undefined);
  }
}

function query(connection: PoolConnection, sql: string, values: readonly unknown[]): Promise<unknown[][]> {
  return new Promise((resolve, reject) =>
    connection.query({ sql, values: [...values], rowsAsArray: true }, (error, rows) =>
      error ? reject(error) : resolve(rows as unknown as unknown[][]),
    ),
  );
}
