// npm run faults [-- --rounds 50 --seed 1]
// Kills the server process and a private, durable database with kill -9 at random moments under load, and compares the
// acknowledged records with the stored ones. A follower reads the change log all the time; its copy and the tree of the log
// are compared after each round. Exits with 1 if a record is lost, duplicated or partially applied, or the log has a fault.
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { DurableServer } from '../test/support/durable-server.mjs';
import { faultRounds } from './support/fault-rounds.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const database = new DurableServer();
try {
  const base = await database.create();
  const connection = await createConnection(base);
  await connection.query('CREATE DATABASE faults');
  await connection.end();
  const report = await faultRounds({
    databaseUrl: new URL('faults', base).href,
    database,
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    onProgress: (line) => console.log(line),
  });
  const { contradictions, ...figures } = report;
  console.table(figures);
  for (const line of contradictions) console.log(line);
  process.exitCode = report.lost + report.duplicated + report.halfApplied + report.logFaults > 0 ? 1 : 0;
} finally {
  await database.remove();
}
