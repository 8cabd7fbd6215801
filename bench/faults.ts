// npm run faults [-- --rounds 50 --seed 1 --engine sqlite]
// Kills the server process and a private, durable database (the first mariadbd or mysqld on the PATH) with kill -9 at random moments under load, and compares the
// acknowledged records with the stored ones. A follower reads the change log all the time; its copy and the tree of the log
// are compared after each round. Exits with 1 if a record is lost, duplicated or partially applied, or the log has a fault.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { DurableServer } from '../test/support/durable-server.mjs';
import { type FaultReport, faultRounds } from './support/fault-rounds.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'server' },
  },
});
const options = {
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  onProgress: (line: string) => console.log(line),
};
if (values.engine === 'sqlite') await onSqlite();
else if (values.engine === 'server') await onServer();
else throw new Error('--engine is sqlite or server.');

/** Only the process is killed. */
async function onSqlite(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  try {
    print(await faultRounds({ ...options, databaseUrl: `sqlite:${join(folder, 'sessions.db')}` }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function onServer(): Promise<void> {
  const database = new DurableServer();
  try {
    const base = await database.create();
    const connection = await createConnection(base);
    const [[version]] = (await connection.query('SELECT VERSION() AS name')) as unknown as [{ name: string }[]];
    console.log(version!.name);
    await connection.query('CREATE DATABASE faults');
    await connection.end();
    print(await faultRounds({ ...options, databaseUrl: new URL('faults', base).href, database }));
  } finally {
    await database.remove();
  }
}

function print({ contradictions, ...figures }: FaultReport): void {
  console.table(figures);
  for (const line of contradictions) console.log(line);
  const { lost, duplicated, halfApplied, logFaults } = figures;
  process.exitCode = lost + duplicated + halfApplied + logFaults > 0 ? 1 : 0;
}
