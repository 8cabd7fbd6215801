import { ProblemError } from '../../http/problems/problem.js';

/** A pool of mysql2, which waits for a free connection without limit. */
export interface WaitingPool<Connection extends { release(): void }> {
  getConnection(done: (error: Error | null, connection: Connection) => void): void;
}

/**
 * Bounds how long a repository, a transaction or a snapshot waits for a connection of the pool. After `waitMs` it gets the
 * problem `unavailable`; a connection that comes later goes back to the pool.
 */
export function limitPoolWait<C extends { release(): void }>(pool: WaitingPool<C>, waitMs: number): void {
  const getConnection = pool.getConnection.bind(pool);
  pool.getConnection = (done) => {
    let isWaiting = true;
    const timer = setTimeout(() => {
      isWaiting = false;
      const detail = 'All database connections are in use; try again shortly.';
      const problem = new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' } });
      // The driver passes no connection with an error either.
      done(problem, undefined as unknown as C);
    }, waitMs);
    getConnection((error, connection) => {
      if (!isWaiting) return connection?.release();
      clearTimeout(timer);
      done(error, connection);
    });
  };
}
