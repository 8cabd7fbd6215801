import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { Application } from './application.js';
import { OLDER_UP_TO } from './seeded-database.js';

const TABLES = {
  clients: 'id, guid, name, name_at',
  users: 'id, domain, name',
  sessions:
    'id, client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at, remote_address, remote_address_at, logon_type, logon_type_at',
} as const;

/** Copies the sessions of a seeded database, without their activities, to an SQLite file. @returns its path */
export async function sqliteCopy(url: string): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'bench-sqlite-')), 'sessions.db');
  await (await Application.on(`sqlite:${path}`)).cli('migrate');
  const file = new Database(path);
  const connection = await createConnection({ uri: url, dateStrings: true, rowsAsArray: true });
  try {
    for (const [table, columns] of Object.entries(TABLES)) {
      const marks = columns.split(',').map(() => '?');
      const insert = file.prepare(`INSERT INTO ${table} (${columns}) VALUES (${marks.join(', ')})`);
      const insertAll = file.transaction((rows: unknown[][]) => rows.forEach((row) => insert.run(row)));
      for (let last = 0; ;) {
        const sql = `SELECT ${columns} FROM ${table} WHERE id > ? ORDER BY id LIMIT 50000`;
        const [rows] = (await connection.query(sql, [last])) as unknown as [unknown[][]];
        if (rows.length === 0) break;
        insertAll(rows);
        last = rows[rows.length - 1]![0] as number;
      }
    }
    file.prepare('INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)').run(OLDER_UP_TO, '0');
    file.exec('ANALYZE');
  } finally {
    await connection.end();
    file.close();
  }
  return path;
}
