// npm run bench:changes -- [--baseline DIRECTORY] [--sessions 50000] [--runs 3]
// The price of the change log, on a private server with durable settings: the lag of a follower during a flood, and the bytes
// that the log takes. With --baseline, a checkout from before the log whose build is in DIRECTORY/dist: ingestion with and
// without the log, in turn. A ratio below 1 means that the log costs time.
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { DurableServer } from '../test/support/durable-server.mjs';
import { IngestionBench, type HttpIngestion } from './ingestion-bench.js';
import { Application } from './support/application.js';
import { databaseRows } from './support/database-rows.js';
import { followDuring } from './support/follow-lag.js';
import { median } from './support/median.js';
import { count, inMs, printProgress, printTable } from './support/report.js';
import { OLDER_UP_TO, seededDatabase } from './support/seeded-database.js';
import { timedGet } from './support/timed-get.js';

const { values } = parseArgs({
  options: {
    baseline: { type: 'string' },
    sessions: { type: 'string', default: '50000' },
    runs: { type: 'string', default: '3' },
  },
});
const sessions = Number(values.sessions);
const rows: string[][] = [];
const server = new DurableServer();
try {
  const base = await server.create();
  const bench = new IngestionBench(base, { sessions, activities: 5, senders: 4, databasePid: server.pid });
  if (values.baseline !== undefined) await ingestion(bench, values.baseline);
  await follower(base, bench);
  await existing(base);
} finally {
  await server.remove();
}
printTable(
  `The price of the change log, ${count(sessions)} sessions with 5 activities each`,
  ['what', 'measured'],
  rows,
);

async function ingestion(bench: IngestionBench, baseline: string): Promise<void> {
  const runs: { before: HttpIngestion; here: HttpIngestion }[] = [];
  for (let run = 1; run <= Number(values.runs); run++) {
    printProgress(`ingestion, run ${run}`);
    runs.push({ before: await bench.runOverHttp(baseline), here: await bench.runOverHttp() });
  }
  const of = (read: (run: (typeof runs)[number]) => number) => median(runs.map(read));
  rows.push(['ingestion without the log, rows/s', count(of(({ before }) => before.httpRate))]);
  rows.push(['ingestion with the log, rows/s', count(of(({ here }) => here.httpRate))]);
  rows.push(['ratio', of(({ before, here }) => here.httpRate / before.httpRate).toFixed(2)]);
  for (const part of ['application', 'database'] as const) {
    const [before, here] = [of((run) => run.before.cpuUs[part]), of((run) => run.here.cpuUs[part])];
    rows.push([
      `CPU time of the ${part} for each session`,
      `${before.toFixed(0)} µs without, ${here.toFixed(0)} µs with`,
    ]);
  }
}

async function follower(base: string, bench: IngestionBench): Promise<void> {
  printProgress('a follower during a flood');
  const connection = await createConnection(base);
  await connection.query('CREATE DATABASE bench_changes');
  const url = new URL('bench_changes', base).href;
  const app = await Application.on(url, { LOST_AFTER: 'off' });
  await app.cli('migrate');
  const sender = await app.cli('keys', 'create', '--name', 's', '--scope', 'ingest:write', '--scope', 'sessions:read');
  const reader = await app.cli('keys', 'create', '--name', 'r', '--scope', 'changes:read');
  await app.start();
  try {
    const lags = await followDuring(app, reader, sessions, () => bench.flood(app, sender));
    const at = (share: number) => inMs(lags[Math.min(lags.length - 1, Math.floor(lags.length * share))]!);
    rows.push(['lag of a follower during the flood, median', at(0.5)], ['the same, 99 of 100 entries', at(0.99)]);
    for (const table of ['session_changes', 'sessions', 'activities'])
      rows.push([`bytes of ${table} for each session`, count((await bytesOf(url, table)) / sessions)]);
  } finally {
    await app.kill();
    await connection.end();
  }
}

/** Sessions that were there before the log are added to it while the server serves. */
async function existing(base: string): Promise<void> {
  printProgress('existing sessions are added to the log');
  const { url } = await seededDatabase(base, { sessions, activitiesEach: 5 });
  const connection = await createConnection(url);
  await connection.query('DELETE FROM settings WHERE name = ?', [OLDER_UP_TO]);
  await connection.end();
  const app = await Application.on(url, { LOST_AFTER: 'off' });
  const key = await app.cli('keys', 'create', '--name', 'w', '--scope', 'sessions:read');
  const started = performance.now();
  await app.start();
  try {
    const during: number[] = [];
    const size = async () => Number((await databaseRows(url, 'SELECT size FROM change_head'))[0]!['size']);
    while ((await size()) < sessions) {
      const window = 'start=2025-06-01T10:00:00Z&end=2025-06-01T11:00:00Z';
      during.push((await timedGet(`${app.url}/ekranapi/sessions?${window}`, key)).ms);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const seconds = (performance.now() - started) / 1000;
    rows.push(['existing sessions added to the log, a second', count(sessions / seconds)]);
    rows.push(['one hour over HTTP meanwhile, median', inMs(median(during))]);
  } finally {
    await app.kill();
  }
}

async function bytesOf(url: string, table: string): Promise<number> {
  await databaseRows(url, `ANALYZE TABLE ${table}`);
  const [row] = await databaseRows(
    url,
    'SELECT data_length + index_length AS n FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    [table],
  );
  return Number(row!['n']);
}
