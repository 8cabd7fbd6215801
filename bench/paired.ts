// npm run bench:paired -- --baseline DIRECTORY [--data DIRECTORY] [--sessions 10000000] [--starts 7] [--only-starts]
// Measures this checkout beside another one, whose build is in DIRECTORY/dist, in one run: the same private server, the same
// seeded data, the two builds in turn. A ratio above 1 means that this checkout is slower, or uses more memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DurableServer } from '../test/support/durable-server.mjs';
import { download, windowsDuringDownloads } from './downloads.js';
import { IngestionBench } from './ingestion-bench.js';
import { Application } from './support/application.js';
import { cpuMs } from './support/cpu-time.js';
import { median } from './support/median.js';
import { count, inMiB, inMs, printProgress, printTable, times } from './support/report.js';
import { seededDatabase } from './support/seeded-database.js';
import { timedGet } from './support/timed-get.js';
import { type Age, LENGTHS, type Length, measureWindows } from './windows.js';

const { values } = parseArgs({
  options: {
    baseline: { type: 'string' },
    data: { type: 'string' },
    sessions: { type: 'string', default: '10000000' },
    starts: { type: 'string', default: '7' },
    'only-starts': { type: 'boolean', default: false },
  },
});
if (values.baseline === undefined) throw new Error('--baseline must name a checkout with a build in dist');
/** The baseline comes first everywhere. */
const DIRECTORIES = [values.baseline, '.'] as const;
const SETTINGS = { LOST_AFTER: 'off', DOWNLOADS_PER_CALLER: '10', RATE_LIMIT: 'off' };
const AGES: readonly Age[] = ['oldest', 'middle', 'newest'];
const ROUNDS = 41;
const sessions = Number(values.sessions);

interface Build {
  readonly app: Application;
  readonly key: string;
}

type Row = [what: string, before: number, after: number, show: (value: number) => string];
const rows: Row[] = [];

const server = new DurableServer({
  ...(values.data && { keep: values.data }),
  tuning: ['--innodb-buffer-pool-size=6G', '--loose-innodb-log-file-size=2G', '--loose-innodb-redo-log-capacity=2G'],
});
try {
  const base = await server.create();
  const { url } = await seededDatabase(base, { sessions, activitiesEach: 5 });
  const builds = await Promise.all(DIRECTORIES.map((directory) => buildIn(directory, url)));
  if (!values['only-starts']) {
    await windows(builds);
    await downloads(builds);
    await ingestion(base, server.pid);
  }
  await starts(builds, 'server');
  await starts(await onSqlite(), 'SQLite');
} finally {
  await server.remove();
}
printTable(
  `This checkout beside the baseline, ${count(sessions)} sessions, medians`,
  ['what', 'baseline', 'here', 'ratio'],
  rows.map(([what, before, after, show]) => [what, show(before), show(after), times(after / before)]),
);

async function buildIn(directory: string, url: string): Promise<Build> {
  const app = await Application.on(url, SETTINGS, directory);
  return { app, key: await app.cli('keys', 'create', '--name', 'bench', '--scope', 'sessions:read') };
}

async function windows(builds: readonly Build[]): Promise<void> {
  for (const { app } of builds) await app.start();
  const answerers = builds.map(({ app, key }) => ({ url: app.url, key }));
  for (const length of Object.keys(LENGTHS) as Length[])
    for (const age of AGES) {
      printProgress(`a ${length}, ${age} month`);
      const rounds = length === 'month' ? 25 : ROUNDS;
      const { ms } = await measureWindows(answerers, { sessions, age, length, rounds, sameBytes: true });
      rows.push([`one ${length}, ${age} month`, ms[0]!, ms[1]!, inMs]);
    }
  for (const { app } of builds) await app.kill();
}

async function downloads(builds: readonly Build[]): Promise<void> {
  printProgress('everything');
  const runs = await inTurn(3, builds, ({ app, key }) => download(app, key));
  const of = (read: (run: Awaited<ReturnType<typeof download>>) => number) =>
    runs.map((ofBuild) => median(ofBuild.map(read))) as [number, number];
  rows.push(['everything', ...of(({ seconds }) => seconds * 1000), inMs]);
  rows.push(['everything, first byte', ...of(({ firstByteMs }) => firstByteMs), inMs]);
  rows.push(['everything, peak memory', ...of(({ peakBytes }) => peakBytes), inMiB]);
  const slow = await inTurn(1, builds, ({ app, key }) => download(app, key, { bytesPerSecond: 1e6, forSeconds: 30 }));
  rows.push(['reader of 1 MB/s, peak memory', slow[0]![0]!.peakBytes, slow[1]![0]!.peakBytes, inMiB]);
  printProgress('an hour during ten downloads');
  const hours = await inTurn(2, builds, async ({ app, key }) => {
    await app.start();
    const { during } = await windowsDuringDownloads(app, { url: app.url, key }, { sessions, rounds: ROUNDS });
    await app.kill();
    return during;
  });
  rows.push(['one hour during ten downloads', median(hours[0]!), median(hours[1]!), inMs]);
}

/** Each build on a new, empty SQLite database. */
async function onSqlite(): Promise<Build[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sqlite-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return Promise.all(
    DIRECTORIES.map(async (directory, i) => {
      const url = `sqlite:${join(folder, `${i}.db`)}`;
      await (await Application.on(url, SETTINGS, directory)).cli('migrate');
      return buildIn(directory, url);
    }),
  );
}

/** From the start of the process to the end of the first window, and the first byte of that window. */
async function starts(builds: readonly Build[], database: string): Promise<void> {
  printProgress(`start to first answer, ${database}`);
  const runs = await inTurn(Number(values.starts), builds, async ({ app, key }) => {
    const started = performance.now();
    await app.start();
    const { firstByteMs } = await timedGet(
      `${app.url}/ekranapi/sessions?start=2025-12-01T10:00:00Z&end=2025-12-01T11:00:00Z`,
      key,
    );
    const run = { ms: performance.now() - started, firstByteMs, cpuMs: cpuMs(app.pid) };
    await app.kill();
    return run;
  });
  const of = (read: (run: (typeof runs)[number][number]) => number) =>
    runs.map((ofBuild) => median(ofBuild.map(read))) as [number, number];
  rows.push([`start to first answer, ${database}`, ...of(({ ms }) => ms), inMs]);
  rows.push([`start to first answer, ${database}, CPU time of the process`, ...of((run) => run.cpuMs), inMs]);
  rows.push([`first byte of the first window, ${database}`, ...of((run) => run.firstByteMs), inMs]);
}

async function ingestion(base: string, databasePid: number): Promise<void> {
  printProgress('ingestion');
  const bench = new IngestionBench(base, { sessions: 100_000, activities: 5, senders: 4, databasePid });
  const runs = await inTurn(3, DIRECTORIES, (directory) => bench.runOverHttp(directory));
  const of = (read: (run: (typeof runs)[number][number]) => number) =>
    runs.map((ofBuild) => median(ofBuild.map(read))) as [number, number];
  rows.push(['ingestion, per 1,000 rows', ...of(({ httpRate }) => 1e6 / httpRate), inMs]);
  rows.push(['one hour during ingestion', ...of(({ duringMs }) => duringMs), inMs]);
}

/** Runs the work for each build in turn. @returns the results of each build */
async function inTurn<B, T>(times: number, builds: readonly B[], work: (build: B) => Promise<T>): Promise<T[][]> {
  const results = builds.map((): T[] => []);
  for (let run = 0; run < times; run++) for (const [i, build] of builds.entries()) results[i]!.push(await work(build));
  return results;
}
