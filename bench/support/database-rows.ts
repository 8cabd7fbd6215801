import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';

export type Row = Record<string, string | number | null>;

/** Reads rows directly from a database, on a connection of its own. */
export async function databaseRows(databaseUrl: string, sql: string, params: (string | number)[] = []): Promise<Row[]> {
  if (databaseUrl.startsWith('sqlite:')) {
    const db = new Database(databaseUrl.slice('sqlite:'.length), { readonly: true });
    try {
      return db.prepare(sql).all(...params) as Row[];
    } finally {
      db.close();
    }
  }
  const connection = await createConnection({ uri: databaseUrl, dateStrings: true });
  try {
    const [rows] = await connection.query(sql, params);
    return rows as Row[];
  } finally {
    await connection.end();
  }
}
