/** The error of a write on such a server: MySQL and MariaDB 1290, ER_OPTION_PREVENTS_STATEMENT. */
class ReadOnlyServerError extends Error {
  readonly errno = 1290;

  constructor() {
    super('The database server is read only (read_only is on): it is a replica, or it was replaced.');
  }
}

/**
 * Fails on a server that takes no changes. It reads a table, because a Galera node that is not connected to the primary
 * component answers statements without one.
 *
 * @param query returns one object for each row
 */
export async function requireWriter(query: (sql: string) => Promise<unknown[]>): Promise<void> {
  const [row] = await query('SELECT @@global.read_only AS state, (SELECT COUNT(*) FROM migrations) AS migrations');
  // 0 and 1, and from MariaDB 12 on a word.
  const { state } = row as { state: number | string };
  if (!['0', 'OFF'].includes(String(state))) throw new ReadOnlyServerError();
}
