import { createConnection } from 'mysql2/promise';
import { ChildServer } from '../support/child-server.js';
import { count, inMs, printProgress, printTable, times } from '../support/report.js';
import { measureWindows } from '../windows.js';
import { type AimRun, largest, startedApplication } from './aim-run.js';

/** Adds the index on the end that TypeORM's `find` needs, for the duration of its measurement. */
export async function findTable(run: AimRun): Promise<void> {
  const database = largest(run);
  printProgress('TypeORM find');
  const connection = await createConnection(database.url);
  await connection.query('ALTER TABLE sessions ADD INDEX bench_ended (ended_at)');
  const rows: string[][] = [];
  try {
    const { app, windowServer } = await startedApplication(database);
    const find = await ChildServer.start('find-server.mjs', database.url);
    for (const age of ['oldest', 'middle', 'newest'] as const) {
      const where = { sessions: database.sessions, age, length: 'hour', rounds: Math.min(run.rounds, 11) } as const;
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
