// npm run bench [-- --quick] [-- --data DIRECTORY]
// Measures all performance goals in one run, on a private server that is seeded first. Results are ratios against bare
// programs, TypeORM's `find` and the database client. --quick uses less data and takes under three minutes. --data keeps the
// seeded server in a directory for the next run.
import { arch, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { DurableServer } from '../test/support/durable-server.mjs';
import { aptInstall, aptLine, findProgram } from '../test/support/find-program.mjs';
import { clientSeconds, download, windowsDuringDownloads } from './downloads.js';
import { IngestionBench } from './ingestion-bench.js';
import { measureLastSessions, measureSearches } from './searches.js';
import { measureOverlaps, measureSeries } from './series.js';
import { Application } from './support/application.js';
import { ChildServer } from './support/child-server.js';
import { median } from './support/median.js';
import { count, inMiB, inMs, printTable, printProgress, times } from './support/report.js';
import { type SeededDatabase, seededDatabase } from './support/seeded-database.js';
import { timedGet } from './support/timed-get.js';
import { type Age, type WindowServer, LENGTHS, type Length, measureWindows } from './windows.js';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, data: { type: 'string' } },
});
const quick = values.quick;
const SIZES = quick ? [30_000, 300_000] : [100_000, 1_000_000, 10_000_000];
const ACTIVITIES_EACH = 5;
const ROUNDS = quick ? 11 : 41;
const AGES: readonly Age[] = ['oldest', 'middle', 'newest'];
const SERVER = ['--innodb-buffer-pool-size=6G', '--innodb-log-file-size=2G'];
/** The seeded sessions are old; with LOST_AFTER the server would rewrite them. */
const SETTINGS = { LOST_AFTER: 'off', DOWNLOADS_PER_CALLER: '10', RATE_LIMIT: 'off' };

const client = findClient();
const server = new DurableServer({ ...(values.data && { keep: values.data }), tuning: SERVER });
try {
  const base = await server.create();
  const databases: SeededDatabase[] = [];
  for (const sessions of SIZES) {
    printProgress(`${count(sessions)} sessions with ${ACTIVITIES_EACH} activities each`);
    databases.push(await seededDatabase(base, { sessions, activitiesEach: ACTIVITIES_EACH }));
  }
  await printConditions(base, databases);
  await windowTables(databases);
  await findTable(databases.at(-1)!);
  await searchTables(databases);
  await seriesTables(databases.at(-1)!);
  await downloadTable(databases.slice(-2));
  await startTable(databases.at(-1)!);
  await ingestionTable(base);
} finally {
  await server.remove();
}

async function printConditions(base: string, databases: readonly SeededDatabase[]): Promise<void> {
  const connection = await createConnection(base);
  const [[version]] = (await connection.query('SELECT VERSION() AS name')) as unknown as [{ name: string }[]];
  await connection.end();
  const machine = `${cpus().length} × ${cpus()[0]!.model} (${arch()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, ${version!.name}`);
  const seeds = databases.map(({ sessions, seconds }) => `${count(sessions)} in ${count(seconds)} s`);
  console.log(`Sessions with ${ACTIVITIES_EACH} activities each: ${seeds.join(', ')}`);
}

async function startedApplication({
  url,
}: SeededDatabase): Promise<{ app: Application; windowServer: WindowServer & { key: string } }> {
  const { app, key } = await application(url);
  await app.start();
  return { app, windowServer: { url: app.url, key } };
}

async function application(url: string): Promise<{ app: Application; key: string }> {
  const app = await Application.on(url, SETTINGS);
  return { app, key: await app.cli('keys', 'create', '--name', 'bench', '--scope', 'sessions:read') };
}

/** Windows over HTTP with key and audit record, compared with a bare program that uses the same SQL and sends the same bytes. */
async function windowTables(databases: readonly SeededDatabase[]): Promise<void> {
  const cells: string[][] = [];
  const hours: { sessions: number; age: Age; ms: number }[] = [];
  for (const database of databases) {
    printProgress(`windows in ${count(database.sessions)} sessions`);
    const { app, windowServer } = await startedApplication(database);
    const bare = await ChildServer.start('bare-server.mjs', database.url);
    const { sessions } = database;
    const isLargest = database === databases.at(-1);
    for (const length of isLargest ? (Object.keys(LENGTHS) as Length[]) : (['hour'] as const))
      for (const age of isLargest ? AGES : (['middle'] as const)) {
        const rounds = length === 'month' ? (quick ? 1 : 3) : ROUNDS;
        const where = { sessions, age, length, rounds, sameBytes: true };
        const { ms, rows } = await measureWindows([windowServer, bare], where);
        const [ours, plain] = ms as [number, number];
        cells.push([count(sessions), age, length, count(rows), inMs(ours), inMs(plain), times(ours / plain)]);
        if (length === 'hour') hours.push({ sessions, age, ms: ours });
      }
    await bare.stop();
    await app.kill();
  }
  printTable(
    'A window over HTTP with key and audit record, compared with a bare program with the same SQL and bytes (aim for one hour: at most 1.3 ×)',
    ['sessions', 'where', 'window', 'rows', 'here', 'bare', 'ratio'],
    cells,
  );
  const largest = databases.at(-1)!.sessions;
  const ofAges = hours.filter(({ sessions }) => sessions === largest).map(({ ms }) => ms);
  const middles = hours.filter(({ age }) => age === 'middle').map(({ ms }) => ms);
  printTable(
    'One hour does not depend on the table (aims: at most 1.5 ×)',
    ['what', 'largest to smallest median'],
    [
      ['oldest, middle and newest month', times(Math.max(...ofAges) / Math.min(...ofAges))],
      [
        `${databases.map(({ sessions }) => count(sessions)).join(', ')} sessions`,
        times(Math.max(...middles) / Math.min(...middles)),
      ],
    ],
  );
}

/** Adds the index on the end that TypeORM's `find` needs, for the duration of its measurement. */
async function findTable(database: SeededDatabase): Promise<void> {
  printProgress('TypeORM find');
  const connection = await createConnection(database.url);
  await connection.query('ALTER TABLE sessions ADD INDEX bench_ended (ended_at)');
  const rows: string[][] = [];
  try {
    const { app, windowServer } = await startedApplication(database);
    const find = await ChildServer.start('find-server.mjs', database.url);
    for (const age of AGES) {
      const where = { sessions: database.sessions, age, length: 'hour', rounds: Math.min(ROUNDS, 11) } as const;
      const [ours, theirs] = (await measureWindows([windowServer, find], where)).ms as [number, number];
      rows.push([age, inMs(ours), inMs(theirs), times(theirs / ours)]);
    }
    await find.stop();
    await app.kill();
  } finally {
    await connection.query('ALTER TABLE sessions DROP INDEX bench_ended');
    await connection.end();
  }
  printTable(
    `One hour of ${count(database.sessions)} sessions, compared with TypeORM's find with the plain overlap condition, unclipped (aim in the middle: at least 50 ×)`,
    ['where', 'here', 'find', 'times faster'],
    rows,
  );
}

/** `GET /api/v1/sessions` beside the compatible endpoint, and the last sessions of one client and of one user. */
async function searchTables(databases: readonly SeededDatabase[]): Promise<void> {
  const searches: string[][] = [];
  const last: string[][] = [];
  for (const { url, sessions, seconds } of databases) {
    printProgress(`searches in ${count(sessions)} sessions`);
    const { app, windowServer } = await startedApplication({ url, sessions, seconds });
    for (const { what, rows, compatibleMs, pageMs, ms } of await measureSearches(windowServer, {
      sessions,
      rounds: ROUNDS,
    })) {
      const ratios = [times(pageMs / compatibleMs), times(ms / compatibleMs)];
      searches.push([count(sessions), what, count(rows), inMs(compatibleMs), inMs(pageMs), inMs(ms), ...ratios]);
    }
    for (const { what, ms, slowestMs } of await measureLastSessions(windowServer, ROUNDS))
      last.push([count(sessions), what, inMs(ms), inMs(slowestMs)]);
    await app.kill();
  }
  printTable(
    'Sessions with names beside the compatible endpoint: a page of 1,000 and everything as NDJSON (aim: at most 1.5 ×)',
    ['sessions', 'what', 'rows', 'compatible', 'page', 'NDJSON', 'page, ratio', 'NDJSON, ratio'],
    searches,
  );
  printTable('The last 100 sessions (aim: within 10 ms)', ['sessions', 'what', 'median', 'slowest'], last);
}

/** `GET /api/v1/concurrency` beside SQL by hand, and `GET /api/v1/overlaps`. */
async function seriesTables(database: SeededDatabase): Promise<void> {
  printProgress('concurrency and overlaps');
  const { app, windowServer } = await startedApplication(database);
  const series = await measureSeries(windowServer, database);
  const overlaps = await measureOverlaps(windowServer, database.sessions);
  await app.kill();
  printTable(
    `Concurrency of ${count(database.sessions)} sessions, compared with a statement that finds the same peaks`,
    ['what', 'buckets', 'here', 'SQL', 'times faster'],
    series.map(({ what, buckets, ms, sqlMs }) => [what, count(buckets), inMs(ms), inMs(sqlMs), times(sqlMs / ms)]),
  );
  printTable(
    `Overlaps of one month of ${count(database.sessions)} sessions`,
    ['found', 'everything as NDJSON', 'first page of 100'],
    [[count(overlaps.found), inMs(overlaps.ms), inMs(overlaps.pageMs)]],
  );
}

async function downloadTable(databases: readonly SeededDatabase[]): Promise<void> {
  const rows: string[][] = [];
  for (const database of databases) {
    printProgress(`all of ${count(database.sessions)} sessions`);
    const { app, key } = await application(database.url);
    const plain = median(await repeated(quick ? 1 : 3, () => clientSeconds(client, database)));
    const whole = await repeated(quick ? 1 : 3, () => download(app, key));
    for (const { isWhole, rows: sent } of whole)
      if (!isWhole || sent !== database.sessions) throw new Error(`the download of ${sent} rows is not complete`);
    const seconds = median(whole.map((one) => one.seconds));
    const slow = await download(app, key, { bytesPerSecond: 1_000_000, forSeconds: quick ? 5 : 40 });
    rows.push([
      count(database.sessions),
      count(database.sessions / seconds),
      count(database.sessions / plain),
      (plain / seconds).toFixed(2),
      inMs(median(whole.map(({ firstByteMs }) => firstByteMs))),
      inMiB(Math.max(...whole.map(({ peakBytes }) => peakBytes))),
      inMiB(slow.peakBytes),
    ]);
  }
  printTable(
    'Everything (aims: at least 0.6 of the client, first byte within 200 ms, under 200 MiB for any size and reader)',
    ['sessions', 'rows/s', 'rows/s of mariadb --quick', 'ratio', 'first byte', 'peak memory', 'peak, reader of 1 MB/s'],
    rows,
  );
  const { app, windowServer } = await startedApplication(databases.at(-1)!);
  printProgress('windows during ten downloads');
  const { alone, during } = await windowsDuringDownloads(app, windowServer, {
    sessions: databases.at(-1)!.sessions,
    rounds: ROUNDS,
  });
  await app.kill();
  printTable(
    'One hour during ten unthrottled downloads of everything',
    ['alone', 'during', 'ratio'],
    [[inMs(alone), inMs(during), times(during / alone)]],
  );
}

async function startTable(database: SeededDatabase): Promise<void> {
  printProgress('start-up');
  const { app, key } = await application(database.url);
  const seconds = await repeated(quick ? 3 : 5, async () => {
    const started = performance.now();
    await app.start();
    await timedGet(`${app.url}/ekranapi/sessions?start=2025-12-01T10:00:00Z&end=2025-12-01T11:00:00Z`, key);
    const taken = (performance.now() - started) / 1000;
    await app.kill();
    return taken;
  });
  printTable(
    'From the start of the process to the first answered window (aim: under 2 s)',
    ['median', 'slowest'],
    [[`${median(seconds).toFixed(2)} s`, `${Math.max(...seconds).toFixed(2)} s`]],
  );
}

async function ingestionTable(base: string): Promise<void> {
  printProgress('ingestion');
  const bench = new IngestionBench(base, { sessions: quick ? 20_000 : 100_000, activities: 5, senders: 4 });
  const runs = await repeated(quick ? 1 : 3, () => bench.run());
  const rows = runs.map(({ httpRate, loadRate, idleMs, duringMs }) => [
    ...[count(httpRate), count(loadRate), (httpRate / loadRate).toFixed(2), inMs(idleMs), inMs(duringMs)],
  ]);
  printTable(
    'Ingestion over HTTP, 1,000 records per request, compared with LOAD DATA into the same tables (aim: at least 0.4)',
    ['rows/s', 'rows/s of LOAD DATA', 'ratio', 'one hour before', 'one hour during ingestion'],
    rows,
  );
}

async function repeated<T>(runs: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < runs; run++) results.push(await work());
  return results;
}

function findClient(): string {
  const find = () => findProgram(['mariadb', 'mysql']);
  const packages = ['mariadb-client-core'];
  const program = find() ?? (aptInstall(packages, 'The client of MariaDB') ? find() : undefined);
  if (!program)
    throw new Error(`This needs the client mariadb or mysql on the PATH. Run:   sudo sh -c '${aptLine(packages)}'`);
  return program;
}
