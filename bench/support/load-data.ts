import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import type { IngestRecord } from '../../src/modules/ingestion/pipeline/ingest-record.js';

type Row = readonly (string | number | null)[];

/** The rows of both tables; clients and users are numbered in the order of their appearance. */
interface Rows {
  readonly clients: readonly Row[];
  readonly users: readonly Row[];
  readonly sessions: readonly Row[];
  /** The digest as hexadecimal digits: the bytes themselves would need escaping. */
  readonly activities: readonly Row[];
}

const COLUMNS = {
  clients: 'id, guid, name, name_at',
  users: 'id, domain, name',
  sessions: 'id, client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at',
  activities: 'session_id, at, digest, application, title, kind',
};

/**
 * Loads records into the same tables in the fastest way that the database has. This is the upper bound of what it accepts.
 * Clients and users are loaded before the measurement.
 *
 * - Servers: LOAD DATA LOCAL INFILE, one statement per table, from files that are prepared in advance.
 * - SQLite: prepared statements of better-sqlite3 in one transaction.
 *
 * @returns seconds for sessions and activities
 */
export function loadData(databaseUrl: string, records: readonly IngestRecord[]): Promise<number> {
  const rows = rowsOf(records);
  return databaseUrl.startsWith('sqlite:') ? loadSqlite(databaseUrl, rows) : loadServer(databaseUrl, rows);
}

async function loadServer(databaseUrl: string, rows: Rows): Promise<number> {
  const connection = await createConnection({ uri: databaseUrl, charset: 'utf8mb4', flags: ['LOCAL_FILES'] });
  try {
    const load = async (table: keyof Rows) => {
      const lines = rows[table].map((row) => row.join('\t'));
      const columns = COLUMNS[table].replace('digest', '@d');
      const digest = table === 'activities' ? ' SET digest = UNHEX(@d)' : '';
      const started = performance.now();
      await connection.query({
        sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} CHARACTER SET utf8mb4 (${columns})${digest}`,
        infileStreamFactory: () => Readable.from(blocks(lines)),
      });
      return performance.now() - started;
    };
    await load('clients');
    await load('users');
    return ((await load('sessions')) + (await load('activities'))) / 1000;
  } finally {
    await connection.end();
  }
}

async function loadSqlite(databaseUrl: string, rows: Rows): Promise<number> {
  const file = new Database(databaseUrl.slice('sqlite:'.length));
  const load = (table: keyof Rows) => {
    const names = COLUMNS[table].split(', ');
    const values = names.map((name) => (name === 'digest' ? 'unhex(?)' : '?')).join(', ');
    const insert = file.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${values})`);
    for (const row of rows[table]) insert.run(...row);
  };
  try {
    file.transaction(() => [load('clients'), load('users')])();
    const started = performance.now();
    file.transaction(() => [load('sessions'), load('activities')])();
    return (performance.now() - started) / 1000;
  } finally {
    file.close();
  }
}

function rowsOf(records: readonly IngestRecord[]): Rows {
  const clients = numbered(records.map((r) => r.clientGuid));
  const users = numbered(records.map((r) => r.userName));
  return {
    clients: [...clients].map(([name, id]) => [id, name, name, '2024-01-01 00:00:00.000']),
    users: [...users].map(([name, id]) => [id, 'ACME', name]),
    sessions: records.map((r, i) => {
      const [login, logout] = [text(r.loginDate), text(r.logoutDate!)];
      const [client, user] = [clients.get(r.clientGuid)!, users.get(r.userName)!];
      return [i + 1, client, user, r.externalId, login, logout, logout, logout];
    }),
    activities: records.flatMap((r, i) =>
      r.activities!.map((a) => {
        const digest = createHash('sha256').update(JSON.stringify([a.application, a.title, null, null, a.kind]));
        const digits = digest.digest('hex').slice(0, 16);
        return [i + 1, text(a.at), digits, a.application!, a.title!, a.kind!];
      }),
    ),
  };
}

function* blocks(lines: readonly string[]): Generator<Buffer> {
  for (let from = 0; from < lines.length; from += 1000)
    yield Buffer.from(`${lines.slice(from, from + 1000).join('\n')}\n`);
}

function numbered(names: readonly string[]): Map<string, number> {
  return new Map([...new Set(names)].map((name, i) => [name, i + 1]));
}

const text = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
