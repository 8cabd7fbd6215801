import { isConflict, isNotReady, isRolledBack, isTimeLimit, isUnavailable } from './database-errors.js';

const wrapped = (error: object) => ({ message: 'query failed', driverError: error });

describe('errors of a database', () => {
  it.each([
    ['a deadlock', { errno: 1213 }],
    ['a duplicate key', { errno: 1062, code: 'ER_DUP_ENTRY' }],
    ['a conflict of Group Replication', { errno: 3101 }],
    ['a busy SQLite database', { code: 'SQLITE_BUSY_SNAPSHOT' }],
  ])('are conflicts: %s', (_what, error) => {
    expect([isConflict(error), isConflict(wrapped(error)), isUnavailable(error)]).toEqual([true, true, false]);
  });

  it.each([
    ['a node without the primary component', 1047],
    ['a COMMIT of a node that leaves', 1180],
    ['a read-only server', 1290],
    ['a read-only transaction', 1792],
    ['a read-only InnoDB', 1836],
    ['a group that cannot be reached', 3100],
  ])('say that the server is not ready: %s', (_what, errno) => {
    const error = wrapped({ errno });
    expect([isNotReady(error), isUnavailable(error), isConflict(error)]).toEqual([true, true, false]);
  });

  it.each([
    ['the server closed it', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }],
    ['it was reset', { code: 'ECONNRESET', errno: -104, fatal: true }],
    ['nobody listens', { code: 'ECONNREFUSED', errno: -111 }],
    ['it ended before', { message: "Can't add new command when connection is in closed state", fatal: true }],
    ['an administrator ended it', { errno: 1927 }],
    ['the server stops', { errno: 1053, code: 'ER_SERVER_SHUTDOWN' }],
  ])('say that the connection was lost: %s', (_what, error) => {
    expect([isUnavailable(error), isNotReady(error), isConflict(error)]).toEqual([true, false, false]);
  });

  it.each([
    ['a missing table', { errno: 1146, code: 'ER_NO_SUCH_TABLE' }],
    ['a wrong password', { errno: 1045, code: 'ER_ACCESS_DENIED_ERROR', fatal: true }],
    ['no error of a driver', new Error('x')],
    ['nothing', undefined],
  ])('are neither: %s', (_what, error) => {
    expect([isUnavailable(error), isConflict(error), isTimeLimit(error)]).toEqual([false, false, false]);
  });

  it('leave a COMMIT in doubt, apart from conflicts within the server', () => {
    const errors = [1213, 1205, 3101, 1180, 3100, 2013].map((errno) => isRolledBack({ errno }));
    expect(errors).toEqual([true, true, false, false, false, false]);
  });

  it('are time limits of both servers', () => {
    expect([3024, 1969].map((errno) => isTimeLimit({ errno }))).toEqual([true, true]);
  });
});
