// npm run bench [-- --engine ENGINE] [-- --server PROGRAM] [-- --quick] [-- --data DIRECTORY] [-- --only NAME …] [-- --sessions NUMBER …]
// Measures all performance goals in one run, on a private server that is seeded first. Results are ratios against bare
// programs, TypeORM's `find` and the database client. --engine is mariadb, mysql or sqlite (default: the first server on the
// PATH); an SQLite file is copied from a seeded server. --server names the program of the server. --quick uses less data and
// takes under three minutes. --data keeps the seeded server in a directory for the next run. --only measures one aim, and may
// be repeated; --sessions seeds these sizes only.
import { mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { DurableServer } from '../test/support/durable-server.mjs';
import type { AimRun } from './aims/aim-run.js';
import { Application } from './support/application.js';
import { callerTables } from './aims/callers-aim.js';

import { diskTable } from './aims/disk-aim.js';
import { downloadTable } from './aims/download-aims.js';
import { findTable } from './aims/find-aim.js';
import { ingestionTable } from './aims/ingestion-aim.js';
import { presenceTable } from './aims/presence-aim.js';
import { rowScopeTables } from './aims/row-scope-aim.js';
import { searchTables } from './aims/search-aims.js';
import { seriesTables } from './aims/series-aims.js';
import { startTable } from './aims/start-aim.js';
import { timelineTables } from './aims/timeline-aim.js';
import { windowTables } from './aims/window-aims.js';
import { count, printProgress } from './support/report.js';
import { serverProgram } from './support/server-program.js';
import { sqliteCopy } from './support/sqlite-copy.js';
import { type SeededDatabase, seededDatabase } from './support/seeded-database.js';

/** In the order of a whole run. */
const AIMS: Readonly<Record<string, (run: AimRun) => Promise<void>>> = {
  windows: windowTables,
  find: findTable,
  searches: searchTables,
  presence: presenceTable,
  series: seriesTables,
  timeline: timelineTables,
  'row-scope': rowScopeTables,
  downloads: downloadTable,
  start: startTable,
  disk: diskTable,
  ingestion: ingestionTable,
  callers: callerTables,
};
/** Need a server: TypeORM's `find` and hand-written SQL with window functions. */
const SERVER_ONLY = ['find', 'series'];

const { values } = parseArgs({
  options: {
    engine: { type: 'string' },
    server: { type: 'string' },
    quick: { type: 'boolean', default: false },
    data: { type: 'string' },
    only: { type: 'string', multiple: true },
    sessions: { type: 'string', multiple: true },
  },
});
const { quick } = values;
const isSqlite = values.engine === 'sqlite';
/** An SQLite file with 10 million sessions takes half an hour to copy, so it is not made by default. */
const allSizes = isSqlite ? [100_000, 1_000_000] : [100_000, 1_000_000, 10_000_000];
const sizes = values.sessions?.map(Number) ?? (quick ? [30_000, 300_000] : allSizes);
const names = values.only ?? Object.keys(AIMS).filter((name) => !isSqlite || !SERVER_ONLY.includes(name));
const unknown = names.filter((name) => !(name in AIMS));
if (unknown.length > 0) throw new Error(`There is no aim ${unknown.join(', ')}. Aims: ${Object.keys(AIMS).join(', ')}`);
if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0)) throw new Error('--sessions is a number.');

const ACTIVITIES_EACH = 5;
const SERVER = [
  '--innodb-buffer-pool-size=6G',
  '--loose-innodb-log-file-size=2G',
  '--loose-innodb-redo-log-capacity=2G',
];

const program = serverProgram(values.engine, values.server);
const server = new DurableServer({ ...(values.data && { keep: values.data }), tuning: SERVER, program });
const copies = isSqlite ? (values.data ?? mkdtempSync(join(tmpdir(), 'bench-sqlite-'))) : null;
try {
  const base = await server.create();
  const databases: SeededDatabase[] = [];
  for (const sessions of sizes.sort((a, b) => a - b)) {
    printProgress(`${count(sessions)} sessions with ${ACTIVITIES_EACH} activities each`);
    const seeded = await seededDatabase(base, { sessions, activitiesEach: ACTIVITIES_EACH });
    databases.push(copies === null ? seeded : await copied(seeded, copies));
  }
  await printConditions(base, databases);
  // A server that only seeded an SQLite file would take part in the measurement.
  if (isSqlite) await server.kill();
  const databasePid = isSqlite ? null : server.pid!;
  const run: AimRun = { base: isSqlite ? 'sqlite:' : base, databasePid, databases, quick, rounds: quick ? 11 : 41 };
  for (const name of names) await AIMS[name]!(run);
} finally {
  await server.remove();
  if (copies !== null && values.data === undefined) rmSync(copies, { recursive: true });
}

async function copied(seeded: SeededDatabase, directory: string): Promise<SeededDatabase> {
  printProgress(`copying ${count(seeded.sessions)} sessions to an SQLite file`);
  const path = join(directory, `bench_${seeded.sessions}_${ACTIVITIES_EACH}.db`);
  await sqliteCopy(seeded.url, path, { withActivities: true });
  await (await Application.on(`sqlite:${path}`)).cli('migrate');
  return { ...seeded, url: `sqlite:${path}` };
}

async function printConditions(base: string, databases: readonly SeededDatabase[]): Promise<void> {
  const connection = await createConnection(base);
  const [[version]] = (await connection.query('SELECT VERSION() AS name')) as unknown as [{ name: string }[]];
  if (isSqlite) version!.name = `SQLite ${sqliteVersion()}`;
  await connection.end();
  const machine = `${cpus().length} × ${cpus()[0]!.model} (${arch()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, ${version!.name}`);
  const seeds = databases.map(({ sessions, seconds }) => `${count(sessions)} in ${count(seconds)} s`);
  console.log(`Sessions with ${ACTIVITIES_EACH} activities each: ${seeds.join(', ')}`);
}

function sqliteVersion(): string {
  const file = new Database(':memory:');
  return (file.prepare('SELECT sqlite_version() AS version').get() as { version: string }).version;
}
