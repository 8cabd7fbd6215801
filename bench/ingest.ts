// npm run bench:ingest [-- --sessions 100000 --activities 5 --senders 4 --runs 3]
// Compares the rows per second of ingestion over HTTP with LOAD DATA into the same tables, on a private server with
// durable settings, and measures the latency of a short window during ingestion.
import { parseArgs } from 'node:util';
import { DurableServer } from '../test/support/durable-server.mjs';
import { IngestionBench } from './ingestion-bench.js';
import { median } from './support/median.js';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '100000' },
    activities: { type: 'string', default: '5' },
    senders: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
  },
});
const [sessions, activities, senders, runs] = [
  Number(values.sessions),
  Number(values.activities),
  Number(values.senders),
  Number(values.runs),
];

const server = new DurableServer();
try {
  const bench = new IngestionBench(await server.create(), { sessions, activities, senders, databasePid: server.pid });
  const table: Record<string, unknown>[] = [];
  for (let run = 1; run <= runs; run++) {
    const measured = await bench.run();
    table.push({
      run,
      'LOAD DATA rows/s': Math.round(measured.loadRate),
      'HTTP rows/s': Math.round(measured.httpRate),
      ratio: (measured.httpRate / measured.loadRate).toFixed(2),
      'application µs/session': Math.round(measured.cpuUs.application),
      'database µs/session': Math.round(measured.cpuUs.database),
      'window idle ms': measured.idleMs.toFixed(1),
      'window during ms': measured.duringMs.toFixed(1),
    });
  }
  console.log(`${sessions} sessions with ${activities} activities each, ${senders} senders, 1000 records a request`);
  console.table(table);
  console.log(`median ratio ${median(table.map((row) => Number(row['ratio']))).toFixed(2)}`);
} finally {
  await server.remove();
}
