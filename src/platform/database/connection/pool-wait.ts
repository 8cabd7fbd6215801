import { ProblemError } from '../../http/problems/problem.js';

/** A pool of mysql2, which waits for a free connection without limit. */
export interface WaitingPool<Connection extends { release(): void }> {
  getConnection(done: (error: Error | null, connection: Connection) => void): void;
  /** The driver has no public count of connections. */
  readonly _allConnections?: { readonly length: number };
  readonly _freeConnections?: { readonly length: number };
}

export interface PoolUse {
  /** Connections that a caller holds, or that are being opened for one. */
  readonly inUse: number;
  /** Callers without a connection. */
  readonly waiting: number;
}

export interface PoolObserver {
  /** @param seconds from the request for a connection to its end, successful or not */
  waited(seconds: number): void;
  /** Called once for each pool. */
  watch(use: () => PoolUse): void;
}

/**
 * Bounds how long a repository, a transaction or a snapshot waits for a connection of the pool. After `waitMs` it gets the
 * problem `unavailable`; a connection that comes later goes back to the pool.
 */
export function limitPoolWait<C extends { release(): void }>(
  pool: WaitingPool<C>,
  waitMs: number,
  observer?: PoolObserver,
): void {
  const getConnection = pool.getConnection.bind(pool);
  let waiting = 0;
  observer?.watch(() => ({ inUse: connectionsInUse(pool), waiting }));
  const end = (seconds: number) => {
    waiting--;
    observer?.waited(seconds);
  };
  pool.getConnection = (done) => {
    let isWaiting = true;
    waiting++;
    const started = performance.now();
    const timer = setTimeout(() => {
      isWaiting = false;
      end(waitMs / 1000);
      const detail = 'All database connections are in use; try again shortly.';
      const problem = new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' } });
      // The driver passes no connection with an error either.
      done(problem, undefined as unknown as C);
    }, waitMs);
    getConnection((error, connection) => {
      if (!isWaiting) return connection?.release();
      clearTimeout(timer);
      end((performance.now() - started) / 1000);
      done(error, connection);
    });
  };
}

type Counts = Pick<WaitingPool<{ release(): void }>, '_allConnections' | '_freeConnections'>;

function connectionsInUse({ _allConnections: all, _freeConnections: free }: Counts): number {
  return all && free ? all.length - free.length : NaN;
}
