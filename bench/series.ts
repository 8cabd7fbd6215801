import { type Connection, createConnection } from 'mysql2/promise';
import { END_MS, firstLoginMs } from './seed.js';
import { timedGet } from './support/timed-get.js';
import type { WindowServer } from './windows.js';

const DAY_MS = 86_400_000;

export interface MeasuredSeries {
  readonly what: string;
  readonly buckets: number;
  readonly ms: number;
  /** Milliseconds of the statement one would write by hand. */
  readonly sqlMs: number;
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A month in the middle of the table by hour, and the whole table by day, each compared with SQL that finds the peaks. */
export async function measureSeries(
  server: WindowServer,
  database: { readonly url: string; readonly sessions: number },
): Promise<MeasuredSeries[]> {
  const connection = await createConnection({ uri: database.url, dateStrings: true });
  const first = firstLoginMs(database.sessions);
  const all = { fromMs: Math.floor(first / DAY_MS) * DAY_MS, toMs: END_MS };
  try {
    await connection.query("SET time_zone = '+00:00'");
    const month = monthIn(database.sessions);
    return [
      await compared(server, connection, {
        what: 'one month by hour',
        range: month,
        step: '1h',
        format: '%Y-%m-%d %H',
      }),
      await compared(server, connection, { what: 'everything by day', range: all, step: '1d', format: '%Y-%m-%d' }),
    ];
  } finally {
    await connection.end();
  }
}

export interface MeasuredOverlaps {
  readonly found: number;
  /** Milliseconds until everything is read as NDJSON, and of the first page of 100. */
  readonly ms: number;
  readonly pageMs: number;
}

/** Overlaps of a month in the middle of the table. */
export async function measureOverlaps(server: WindowServer, sessions: number): Promise<MeasuredOverlaps> {
  const address = `${server.url}/api/v1/overlaps?${query(monthIn(sessions))}`;
  await timedGet(address, server.key);
  const page = await timedGet(address, server.key);
  const everything = await timedGet(address, server.key, 'application/x-ndjson');
  return { found: everything.body.toString().split('\n').length - 1, ms: everything.ms, pageMs: page.ms };
}

function monthIn(sessions: number): Range {
  const first = firstLoginMs(sessions);
  const fromMs = Math.floor((first + (END_MS - first) / 2) / DAY_MS) * DAY_MS;
  return { fromMs, toMs: Math.min(fromMs + 30 * DAY_MS, END_MS) };
}

const query = ({ fromMs, toMs }: Range) => `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`;

async function compared(
  server: WindowServer,
  connection: Connection,
  { what, range, step, format }: { what: string; range: Range; step: string; format: string },
): Promise<MeasuredSeries> {
  const address = `${server.url}/api/v1/concurrency?${query(range)}&step=${step}`;
  const { ms, body } = await timedGet(address, server.key);
  const { items } = JSON.parse(body.toString()) as { items: { start: string; peak: number }[] };
  const started = performance.now();
  const peaks = await peaksBySql(connection, range, format);
  const sqlMs = performance.now() - started;
  // A bucket without an event is missing there.
  const differing = items.filter(({ start, peak }) => {
    const bySql = peaks.get(start.slice(0, step === '1h' ? 13 : 10).replace('T', ' '));
    return bySql !== undefined && bySql !== peak;
  });
  if (differing.length > 0) throw new Error(`the peaks of ${differing.length} buckets differ`);
  return { what, buckets: items.length, ms, sqlMs };
}

/** Sorts all logins and ends, adds them up, and takes the maximum of each bucket before and after each of them. */
async function peaksBySql(
  connection: Connection,
  { fromMs, toMs }: Range,
  format: string,
): Promise<ReadonlyMap<string, number>> {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(0, 23).replace('T', ' '));
  const sql = `WITH events AS (
      SELECT GREATEST(login_at, ?) AS at, 1 AS change_by FROM sessions
        WHERE login_at < ? AND (ended_at IS NULL OR ended_at > ?)
      UNION ALL
      SELECT ended_at, -1 FROM sessions WHERE login_at < ? AND ended_at > ? AND ended_at < ?),
    running AS (SELECT at, change_by, SUM(change_by) OVER (ORDER BY at, change_by ROWS UNBOUNDED PRECEDING) AS open_now FROM events)
    SELECT DATE_FORMAT(at, ?) AS bucket, MAX(GREATEST(open_now, open_now - change_by)) AS peak FROM running GROUP BY bucket`;
  const [rows] = await connection.query(sql, [from, to, from, to, from, to, format]);
  return new Map((rows as { bucket: string; peak: string }[]).map(({ bucket, peak }) => [bucket, Number(peak)]));
}
