import { measureLastSessions, measureSearches } from '../searches.js';
import { count, inMs, printProgress, printTable, times } from '../support/report.js';
import { type AimRun, startedApplication } from './aim-run.js';

/** `GET /api/v1/sessions` beside the compatible endpoint, and the last sessions of one client and of one user. */
export async function searchTables({ databases, rounds }: AimRun): Promise<void> {
  const searches: string[][] = [];
  const last: string[][] = [];
  for (const database of databases) {
    const { sessions } = database;
    printProgress(`searches in ${count(sessions)} sessions`);
    const { app, windowServer } = await startedApplication(database);
    for (const { what, rows, compatibleMs, pageMs, ms } of await measureSearches(windowServer, {
      sessions,
      rounds,
    })) {
      const ratios = [times(pageMs / compatibleMs), times(ms / compatibleMs)];
      searches.push([count(sessions), what, count(rows), inMs(compatibleMs), inMs(pageMs), inMs(ms), ...ratios]);
    }
    for (const { what, fastestMs, ms, slowestMs } of await measureLastSessions(windowServer, rounds))
      last.push([count(sessions), what, inMs(fastestMs), inMs(ms), inMs(slowestMs)]);
    await app.kill();
  }
  printTable(
    'Sessions with names beside the compatible endpoint: a page of 1,000 and everything as NDJSON (aim: at most 1.5 ×)',
    ['sessions', 'what', 'rows', 'compatible', 'page', 'NDJSON', 'page, ratio', 'NDJSON, ratio'],
    searches,
  );
  printTable('The last 100 sessions (aim: within 10 ms)', ['sessions', 'what', 'fastest', 'median', 'slowest'], last);
}
