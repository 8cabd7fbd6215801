import { median } from '../support/median.js';
import { count, inMs, printProgress, printTable } from '../support/report.js';
import { timedGet } from '../support/timed-get.js';
import { type AimRun, largest, repeated, startedApplication } from './aim-run.js';

const LISTS: readonly [what: string, path: string][] = [
  ['100 users by name', 'users'],
  ['100 users, seen last', 'users?sort=lastSeen&order=desc'],
  ['100 users, seen first', 'users?sort=lastSeen'],
  ['100 clients by name', 'clients'],
  ['100 clients, seen last', 'clients?sort=lastSeen&order=desc'],
  ['one user', 'users/1'],
];

/** Pages of the lists of users and clients. */
export async function presenceTable(run: AimRun): Promise<void> {
  const database = largest(run);
  printProgress('users and clients');
  const { app, windowServer } = await startedApplication(database);
  const rows: string[][] = [];
  for (const [what, path] of LISTS) {
    const answers = await repeated(Math.min(run.rounds, 11), () =>
      timedGet(`${windowServer.url}/api/v1/${path}`, windowServer.key),
    );
    const ms = answers.map((answer) => answer.ms);
    rows.push([what, ...[Math.min(...ms), median(ms), Math.max(...ms)].map(inMs)]);
  }
  await app.kill();
  printTable(
    `Users and clients of ${count(database.sessions)} sessions`,
    ['what', 'fastest', 'median', 'slowest'],
    rows,
  );
}
