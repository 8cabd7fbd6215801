import { IngestionBench } from '../ingestion-bench.js';
import { count, inMs, printProgress, printTable } from '../support/report.js';
import { type AimRun, repeated } from './aim-run.js';

export async function ingestionTable({ base, databasePid, quick }: AimRun): Promise<void> {
  printProgress('ingestion');
  const bench = new IngestionBench(base, { sessions: quick ? 20_000 : 100_000, activities: 5, senders: 4, databasePid });
  const runs = await repeated(quick ? 1 : 3, () => bench.run());
  const rows = runs.map(({ httpRate, loadRate, idleMs, duringMs }) => [
    ...[count(httpRate), count(loadRate), (httpRate / loadRate).toFixed(2), inMs(idleMs), inMs(duringMs)],
  ]);
  printTable(
    'Ingestion over HTTP, 1,000 records per request, compared with LOAD DATA into the same tables (aim: at least 0.4)',
    ['rows/s', 'rows/s of LOAD DATA', 'ratio', 'one hour before', 'one hour during ingestion'],
    rows,
  );
}
