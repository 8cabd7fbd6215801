import { ProblemError } from '../../http/problems/problem.js';

/** A pool of mysql2, which waits for a free connection without limit. */
export interface WaitingPool<Connection extends { release(): void }> {
  getConnection(done: (error: Error | null, connection: Connection) => void): void;
}

/** @param seconds from the request for a connection to its end, successful or not */
export type OnWaited = (seconds: number) => void;

/**
 * Bounds how long a repository, a transaction or a snapshot waits for a connection of the pool. After `waitMs` it gets the
 * problem `unavailable`; a connection that comes later goes back to the pool.
 */
export function limitPoolWait<C extends { release(): void }>(
  pool: WaitingPool<C>,
  waitMs: number,
  onWaited: OnWaited = () => {},
): void {
  const getConnection = pool.getConnection.bind(pool);
  pool.getConnection = (done) => {
    let isWaiting = true;
    const started = performance.now();
    const timer = setTimeout(() => {
      isWaiting = false;
      onWaited(waitMs / 1000);
      const detail = 'All database connections are in use; try again shortly.';
      const problem = new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' } });
      // The driver passes no connection with an error either.
      done(problem, undefined as unknown as C);
    }, waitMs);
    getConnection((error, connection) => {
      if (!isWaiting) return connection?.release();
      clearTimeout(timer);
      onWaited((performance.now() - started) / 1000);
      done(error, connection);
    });
  };
}
