import { measureOverlaps, measureSeries } from '../series.js';
import { count, inMs, printProgress, printTable, times } from '../support/report.js';
import { type AimRun, largest, startedApplication } from './aim-run.js';

/** `GET /api/v1/concurrency` beside SQL by hand, and `GET /api/v1/overlaps`. */
export async function seriesTables(run: AimRun): Promise<void> {
  const database = largest(run);
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
