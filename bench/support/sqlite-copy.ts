import { existsSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { Application } from './application.js';
import { OLDER_UP_TO } from './seeded-database.js';

interface Table {
  readonly name: string;
  readonly columns: string;
  /** The column that parts of the table are read by. */
  readonly key: string;
  /** Keys of one part. */
  readonly part: number;
}

const SESSIONS: readonly Table[] = [
  { name: 'clients', columns: 'id, guid, name, name_at', key: 'id', part: 50_000 },
  { name: 'users', columns: 'id, domain, name', key: 'id', part: 50_000 },
  {
    name: 'sessions',
    columns:
      'id, client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at, remote_address, remote_address_at, logon_type, logon_type_at',
    key: 'id',
    part: 50_000,
  },
];
const ACTIVITIES: Table = {
  name: 'activities',
  columns: 'session_id, at, digest, application, title',
  key: 'session_id',
  part: 10_000,
};

/** Copies a seeded database of a server to an SQLite file, unless it exists. */
export async function sqliteCopy(url: string, path: string, { withActivities }: { withActivities: boolean }) {
  if (existsSync(path)) return;
  const unfinished = `${path}.new`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(unfinished + suffix, { force: true });
  await (await Application.on(`sqlite:${unfinished}`)).cli('migrate');
  const file = new Database(unfinished);
  file.pragma('synchronous = OFF');
  const connection = await createConnection({ uri: url, dateStrings: true, rowsAsArray: true });
  try {
    for (const { name, columns, key, part } of withActivities ? [...SESSIONS, ACTIVITIES] : SESSIONS) {
      const marks = columns.split(',').map(() => '?');
      const insert = file.prepare(`INSERT INTO ${name} (${columns}) VALUES (${marks.join(', ')})`);
      const insertAll = file.transaction((rows: unknown[][]) => rows.forEach((row) => insert.run(row)));
      const [[[last]]] = (await connection.query(`SELECT MAX(${key}) FROM ${name}`)) as unknown as [[[number]]];
      for (let from = 1; from <= last; from += part) {
        const sql = `SELECT ${columns} FROM ${name} WHERE ${key} >= ? AND ${key} < ? ORDER BY ${key}`;
        insertAll(((await connection.query(sql, [from, from + part])) as unknown as [unknown[][]])[0]);
      }
    }
    file.prepare('INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)').run(OLDER_UP_TO, '0');
    file.exec('ANALYZE');
    file.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    await connection.end();
    file.close();
  }
  renameSync(unfinished, path);
}
