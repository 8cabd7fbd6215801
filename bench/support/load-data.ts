import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createConnection } from 'mysql2/promise';
import type { IngestRecord } from '../../src/modules/ingestion/pipeline/ingest-record.js';

/**
 * Loads records into the same tables with LOAD DATA LOCAL INFILE: one statement per table, from files that are prepared
 * in advance. This is the upper bound of what the server accepts. Clients and users are loaded before the measurement.
 *
 * @returns seconds of the two statements for sessions and activities
 */
export async function loadData(databaseUrl: string, records: readonly IngestRecord[]): Promise<number> {
  const connection = await createConnection({ uri: databaseUrl, charset: 'utf8mb4', flags: ['LOCAL_FILES'] });
  try {
    const clients = numbered(records.map((r) => r.clientGuid));
    const users = numbered(records.map((r) => r.userName));
    const load = (table: string, columns: string, lines: string[]) =>
      connection.query({
        sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} CHARACTER SET utf8mb4 (${columns})`,
        infileStreamFactory: () => Readable.from(blocks(lines)),
      });
    await load(
      'clients',
      'id, guid, name, name_at',
      [...clients].map(([c, id]) => `${id}\t${c}\t${c}\t2024-01-01`),
    );
    await load(
      'users',
      'id, domain, name',
      [...users].map(([u, id]) => `${id}\tACME\t${u}`),
    );
    const sessions = records.map((r, i) => {
      const [login, logout] = [text(r.loginDate), text(r.logoutDate!)];
      const ids = `${i + 1}\t${clients.get(r.clientGuid)}\t${users.get(r.userName)}`;
      return `${ids}\t${r.externalId}\t${login}\t${logout}\t${logout}\t${logout}`;
    });
    const activities = records.flatMap((r, i) =>
      r.activities!.map((a) => {
        const digest = createHash('sha256').update(JSON.stringify([a.application, a.title, null, null, a.kind]));
        // As hexadecimal digits: the bytes themselves would need escaping.
        return `${i + 1}\t${text(a.at)}\t${digest.digest('hex').slice(0, 16)}\t${a.application}\t${a.title}\t${a.kind}`;
      }),
    );
    const started = performance.now();
    const columns = 'id, client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at';
    await load('sessions', columns, sessions);
    await load('activities', 'session_id, at, @d, application, title, kind) SET digest = UNHEX(@d', activities);
    return (performance.now() - started) / 1000;
  } finally {
    await connection.end();
  }
}

function* blocks(lines: readonly string[]): Generator<Buffer> {
  for (let from = 0; from < lines.length; from += 1000)
    yield Buffer.from(`${lines.slice(from, from + 1000).join('\n')}\n`);
}

function numbered(names: readonly string[]): Map<string, number> {
  return new Map([...new Set(names)].map((name, i) => [name, i + 1]));
}

const text = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
