import { IngestionBench } from '../ingestion-bench.js';
import { count, inMs, printProgress, printTable } from '../support/report.js';
import { type AimRun, repeated } from './aim-run.js';

export async function ingestionTable({ base, databasePid, quick }: AimRun): Promise<void> {
  printProgress('ingestion');
  const bench = new IngestionBench(base, {
    sessions: quick ? 20_000 : 100_000,
    activities: 5,
    senders: 4,
    databasePid,
  });
  const runs = await repeated(quick ? 1 : 3, () => bench.run());
  const rows = runs.map(({ httpRate, loadRate, idleMs, duringMs, cpuUs }) => [
    ...[count(httpRate), count(loadRate), (httpRate / loadRate).toFixed(2), inMs(idleMs), inMs(duringMs)],
    ...[`${count(cpuUs.application)} µs`, `${count(cpuUs.database)} µs`],
  ]);
  printTable(
    'Ingestion over HTTP, 1,000 records per request, compared with LOAD DATA (on SQLite: prepared statements) into the same tables (aim: at least 0.5)',
    [
      'rows/s',
      'rows/s loaded',
      'ratio',
      'one hour before',
      'one hour during ingestion',
      'application CPU of a session',
      'database',
    ],
    rows,
  );
}
