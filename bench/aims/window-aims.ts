import { ChildServer } from '../support/child-server.js';
import { count, inMs, printProgress, printTable, times } from '../support/report.js';
import { type Age, LENGTHS, type Length, measureWindows } from '../windows.js';
import { type AimRun, startedApplication } from './aim-run.js';

const AGES: readonly Age[] = ['oldest', 'middle', 'newest'];

/** Windows over HTTP with key and audit record, compared with a bare program that uses the same SQL and sends the same bytes. */
export async function windowTables({ databases, quick, rounds: most }: AimRun): Promise<void> {
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
        const rounds = length === 'month' ? (quick ? 1 : 3) : most;
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
