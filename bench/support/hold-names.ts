import { createConnection } from 'mysql2/promise';

/** Holds the lock that transactions with new clients or users take, so that they stay open. @returns a function that ends this */
export async function holdNames(databaseUrl: string): Promise<() => Promise<void>> {
  const connection = await createConnection(databaseUrl);
  // The server may be killed while the lock is held.
  connection.on('error', () => {});
  await connection.beginTransaction();
  await connection.query("SELECT value FROM settings WHERE name = 'new-names' FOR UPDATE");
  return async () => connection.destroy();
}
