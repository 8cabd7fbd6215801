import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, inMs, printProgress, printTable } from '../support/report.js';
import { sqliteCopy } from '../support/sqlite-copy.js';
import { measureDensities, measureViews } from '../timeline.js';
import { type AimRun, startedApplication } from './aim-run.js';

/** SQLite is measured up to this number of sessions. */
const MAX_SQLITE = 1_000_000;

/** `GET /api/v1/timeline/rows` and `density`, on the server and on an SQLite file with the same sessions. */
export async function timelineTables({ databases, rounds }: AimRun): Promise<void> {
  const views: string[][] = [];
  const densities: string[][] = [];
  const measure = async (engine: string, url: string, sessions: number) => {
    printProgress(`timeline of ${count(sessions)} sessions on ${engine}`);
    const { app, windowServer } = await startedApplication({ url });
    const label = [engine, count(sessions)];
    for (const { what, median, p95, slowest, bars, bytes } of await measureViews(windowServer, { sessions, rounds }))
      views.push([...label, what, inMs(median), inMs(p95), inMs(slowest), count(bars), count(bytes / 1024)]);
    for (const { what, buckets, sampled, firstMs, againMs } of await measureDensities(windowServer, sessions))
      densities.push([...label, what, count(buckets), sampled ? 'sampled' : 'exact', inMs(firstMs), inMs(againMs)]);
    await app.kill();
  };
  for (const { url, sessions } of databases) {
    await measure(url.startsWith('sqlite:') ? 'SQLite' : 'server', url, sessions);
    if (url.startsWith('sqlite:') || sessions > MAX_SQLITE) continue;
    const directory = mkdtempSync(join(tmpdir(), 'bench-sqlite-'));
    const copy = join(directory, 'sessions.db');
    await sqliteCopy(url, copy, { withActivities: false });
    await measure('SQLite', `sqlite:${copy}`, sessions);
    rmSync(directory, { recursive: true });
  }
  printTable(
    'Timeline: 50 rows × 1,600 pixels at any age and any place of the list (aim: p95 within 100 ms)',
    ['database', 'sessions', 'window', 'median', 'p95', 'slowest', 'bars', 'KiB'],
    views,
  );
  printTable(
    'Timeline: overview of 800 pixels (aim: 1 s, then 100 ms)',
    ['database', 'sessions', 'window', 'buckets', 'counted', 'first', 'again'],
    densities,
  );
}
