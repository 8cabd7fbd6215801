import { type ConnectionOptions, type Pool, type PoolConnection, createConnection, createPool } from 'mysql2';
import { ProblemError } from '../../http/problems/problem.js';
import type { DatabaseAddress } from '../connection/database-url.js';
import { type Engine, SESSION_SETTINGS, isTimeLimit, statementLimit } from '../engines/engine.js';
import { rawQuery } from './raw-query.js';
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
  private readonly access: ConnectionOptions;

  constructor(
    address: Extract<DatabaseAddress, { kind: 'server' }>,
    engine: Engine,
    private readonly limits: SnapshotLimits,
  ) {
    super();
    const { host, port, user, password, database } = address;
    this.access = { host, port, user, password, database, charset: 'utf8mb4' };
    const connectionLimit = limits.connections;
    const types = { dateStrings: true, supportBigNumbers: true, rowsAsArray: true } as const;
    this.pool = createPool({ ...this.access, ...types, connectionLimit, maxIdle: connectionLimit });
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
    const guarded = async <T>(statement: () => Promise<T>): Promise<T> => {
      signal.throwIfAborted();
      const kill = () => this.kill(connection);
      signal.addEventListener('abort', kill);
      try {
        return await statement();
      } catch (error) {
        broken = true;
        signal.throwIfAborted();
        if (isTimeLimit(error))
          throw new ProblemError('time-limit', 'The database ended the statement at its time limit.', {
            headers: { 'Retry-After': '30' },
          });
        throw error;
      } finally {
        signal.removeEventListener('abort', kill);
      }
    };
    return {
      rows: (sql, params = []) => guarded(() => query(connection, sql, params)),
      rawRows: (sql, params = []) => guarded(() => rawQuery(connection, sql, params)),
      release: async () => {
        if (!open) return;
        open = false;
        // After a fault, or with a KILL on its way, the connection may not be given to somebody else.
        if (broken || signal.aborted) return connection.destroy();
        // Not waited for: nobody's answer depends on the end of a transaction that only read.
        query(connection, 'COMMIT', []).then(
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

  /**
   * The statement goes on in the server when a client closes its socket, so it is ended by name: on a connection of its
   * own, since those of the pool may all be at work.
   */
  private kill(connection: PoolConnection): void {
    const killer = createConnection(this.access);
    killer.on('error', () => undefined);
    killer.query(`KILL QUERY ${Number(connection.threadId)}`, () => killer.destroy());
  }
}

function query(connection: PoolConnection, sql: string, values: readonly unknown[]): Promise<unknown[][]> {
  return new Promise((resolve, reject) =>
    connection.query({ sql, values: [...values], rowsAsArray: true }, (error, rows) =>
      error ? reject(error) : resolve(rows as unknown as unknown[][]),
    ),
  );
}
