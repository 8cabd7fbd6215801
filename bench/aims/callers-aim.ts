import { cpus } from 'node:os';
import { END_MS, firstLoginMs } from '../seed.js';
import { Application } from '../support/application.js';
import { ChildServer } from '../support/child-server.js';
import { type MeasuredCallers, concurrentCallers, windowCaller } from '../support/concurrent-callers.js';
import { cpuMs } from '../support/cpu-time.js';
import { callerKeys } from '../support/caller-keys.js';
import { LoopDelay } from '../support/loop-delay.js';
import { PacedIngestion } from '../support/paced-ingestion.js';
import { readersOfEverything } from '../support/readers-of-everything.js';
import { count, inMs, printProgress, printTable, times } from '../support/report.js';
import { type AimRun, largest } from './aim-run.js';

const HOUR_MS = 3_600_000;
const CALLERS = [1, 8, 32, 128];
/** Each server is measured this often, in turn with the other one. */
const TURNS = 3;
const BACKGROUND_CALLERS = 8;
const SESSIONS_PER_SECOND = 5000;
const DOWNLOADS = 10;
const DOWNLOAD_BYTES_PER_SECOND = 1_000_000;

/** Many callers that ask for random windows of one hour, with key and audit record, compared with the bare program. */
export async function callerTables(run: AimRun): Promise<void> {
  const { sessions, url } = largest(run);
  printProgress(`many callers, ${count(sessions)} sessions`);
  const loop = await LoopDelay.onFreePort();
  const app = await Application.on(url, { ...loop.settings, LOST_AFTER: 'off', RATE_LIMIT: 'off' });
  const bare = await ChildServer.start('bare-server.mjs', url);
  await app.start();
  try {
    const keys = await callerKeys(app, Math.max(...CALLERS));
    const servers = { app, bare, keys, loop, databasePid: run.databasePid };
    await printCallers(servers, randomHour(sessions), run.quick);
    // Before the ingestion, which changes the tags.
    await printRepeated(servers, randomHour(sessions));
    await printUnderLoad(servers, randomHour(sessions), run.quick);
    if (run.databasePid !== null) await printWorkers({ url, keys }, randomHour(sessions), run.quick);
  } finally {
    await app.kill();
    await bare.stop();
  }
}

interface Servers {
  readonly app: Application;
  readonly bare: ChildServer;
  readonly keys: readonly string[];
  readonly loop: LoopDelay;
  readonly databasePid: number | null;
}

type Query = (n: number) => string;

/** Windows at places that do not repeat: the golden ratio spreads them evenly. */
function randomHour(sessions: number): Query {
  const first = firstLoginMs(sessions);
  return (n) => {
    const start = first + Math.floor((END_MS - HOUR_MS - first) * (((n + 1) * 0.6180339887498949) % 1));
    return `start=${new Date(start).toISOString()}&end=${new Date(start + HOUR_MS).toISOString()}`;
  };
}

async function printCallers({ app, bare, keys, loop, databasePid }: Servers, query: Query, quick: boolean) {
  const rows: string[][] = [];
  const seconds = quick ? 2 : 5;
  for (const callers of CALLERS) {
    const ours: MeasuredCallers[] = [];
    const plain: MeasuredCallers[] = [];
    const delays: number[] = [];
    const databaseCpu = () => (databasePid === null ? 0 : cpuMs(databasePid));
    let databaseMs = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      await loop.reset();
      const before = databaseCpu();
      ours.push(await concurrentCallers(windowCaller(app.url, keys, query), { callers, seconds }));
      databaseMs += databaseCpu() - before;
      delays.push((await loop.read()).p99Ms);
      plain.push(await concurrentCallers(windowCaller(bare.url, [], query), { callers, seconds }));
    }
    const [a, b] = [average(ours), average(plain)];
    // The warm-up is a fifth of the measured time.
    const answers = ours.reduce((sum, { answersPerSecond }) => sum + answersPerSecond * seconds * 1.2, 0);
    rows.push([
      ...[count(callers), a.answersPerSecond.toFixed(1), b.answersPerSecond.toFixed(1)],
      ...[(a.answersPerSecond / b.answersPerSecond).toFixed(2), inMs(a.median), inMs(b.median)],
      ...[inMs(a.p99), inMs(b.p99), times(a.p99 / b.p99), inMs(Math.max(...delays)), inMs(databaseMs / answers)],
    ]);
  }
  printTable(
    'Callers that ask for random hours, compared with the bare program (aims with 32: at least 0.9 of its answers, 99th percentile at most 1.2 ×)',
    [
      ...['callers', 'answers/s', 'bare', 'ratio', 'median', 'bare', '99th percentile', 'bare', 'ratio'],
      ...['event loop delay, 99th percentile', 'database CPU of an answer'],
    ],
    rows,
  );
}

function average(turns: readonly MeasuredCallers[]): MeasuredCallers {
  const mean = (value: (turn: MeasuredCallers) => number) =>
    turns.reduce((sum, turn) => sum + value(turn), 0) / turns.length;
  return {
    answersPerSecond: mean((turn) => turn.answersPerSecond),
    median: mean((turn) => turn.median),
    p99: mean((turn) => turn.p99),
  };
}

async function printUnderLoad({ app, keys, loop }: Servers, query: Query, quick: boolean) {
  const options = { callers: BACKGROUND_CALLERS, seconds: quick ? 3 : 10 };
  const ask = windowCaller(app.url, keys, query);
  const rows: string[][] = [];
  const measure = async (what: string, ingestion?: PacedIngestion) => {
    await loop.reset();
    const before = ingestion?.sent ?? 0;
    const { answersPerSecond, median, p99 } = await concurrentCallers(ask, options);
    const ingested = ((ingestion?.sent ?? 0) - before) / (1.2 * options.seconds);
    rows.push([
      ...[what, answersPerSecond.toFixed(1), inMs(median), inMs(p99)],
      ...[inMs((await loop.read()).p99Ms), ingestion ? count(ingested) : ''],
    ]);
  };
  await measure('nothing else');
  const ingestion = await PacedIngestion.into(app, SESSIONS_PER_SECOND);
  await measure(`ingestion of ${count(SESSIONS_PER_SECOND)} sessions/s`, ingestion);
  const downloads = readersOfEverything(app, keys.slice(-DOWNLOADS), DOWNLOAD_BYTES_PER_SECOND);
  await measure(`ingestion and ${DOWNLOADS} downloads of 1 MB/s`, ingestion);
  await ingestion.stop();
  await measure(`${DOWNLOADS} downloads of 1 MB/s`);
  downloads.stop();
  printTable(
    `${BACKGROUND_CALLERS} callers of random hours while other work goes on`,
    ['beside', 'answers/s', 'median', '99th percentile', 'event loop delay', 'ingested sessions/s'],
    rows,
  );
}

/** One process beside two that share a port (`WORKERS`). */
async function printWorkers({ url, keys }: { url: string; keys: readonly string[] }, query: Query, quick: boolean) {
  const options = { callers: 32, seconds: quick ? 2 : 5 };
  const measured: MeasuredCallers[][] = [[], []];
  for (let turn = 0; turn < TURNS; turn++)
    for (const [i, workers] of ['1', '2'].entries()) {
      const app = await Application.on(url, { WORKERS: workers, LOST_AFTER: 'off', RATE_LIMIT: 'off' });
      await app.start();
      measured[i]!.push(await concurrentCallers(windowCaller(app.url, keys, query), options));
      await app.stop();
    }
  printTable(
    `${options.callers} callers of random hours with several workers; the database and the callers use the same ${cpus().length} cores`,
    ['WORKERS', 'answers/s', 'median', '99th percentile'],
    measured
      .map(average)
      .map(({ answersPerSecond, median, p99 }, i) => [
        ...[count(i + 1), answersPerSecond.toFixed(1), inMs(median), inMs(p99)],
      ]),
  );
}

/** A dashboard that asks for a window again, with the entity tag of the answer that it has. */
async function printRepeated({ app, keys }: Servers, query: Query) {
  const rows: string[][] = [];
  for (const callers of [1, 32]) {
    const options = { callers, seconds: 4 };
    const full = await concurrentCallers(windowCaller(app.url, keys, query), options);
    const tags = new Map<number, string>();
    const again = await concurrentCallers(async (caller) => {
      const headers = { ApiKey: keys[caller]!, ...(tags.has(caller) && { 'If-None-Match': tags.get(caller)! }) };
      const answer = await fetch(`${app.url}/ekranapi/sessions?${query(caller)}`, { headers });
      await answer.arrayBuffer();
      if (answer.status !== (tags.has(caller) ? 304 : 200)) throw new Error(`unexpected status ${answer.status}`);
      tags.set(caller, answer.headers.get('etag')!);
    }, options);
    rows.push([
      ...[count(callers), full.answersPerSecond.toFixed(1), again.answersPerSecond.toFixed(1)],
      ...[inMs(full.median), inMs(again.median), (again.median / full.median).toFixed(2)],
    ]);
  }
  printTable(
    'The same window asked for again with If-None-Match, audited each time',
    ['callers', 'answers/s', 'of 304', 'median', 'of 304', 'ratio'],
    rows,
  );
}
