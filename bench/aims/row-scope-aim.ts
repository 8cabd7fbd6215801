import { END_MS } from '../seed.js';
import { median } from '../support/median.js';
import { count, inMs, printProgress, printTable } from '../support/report.js';
import { timedGet } from '../support/timed-get.js';
import { type AimRun, largest, repeated, startedApplication } from './aim-run.js';

const DAY_MS = 86_400_000;

/** Callers who are limited to clients: everything of one of 2,000 clients, and nine days of 100 of them. */
export async function rowScopeTables(run: AimRun): Promise<void> {
  const database = largest(run);
  printProgress('row scope');
  const iso = (ms: number) => new Date(ms).toISOString();
  const nineDays = `?start=${iso(END_MS - 30 * DAY_MS)}&end=${iso(END_MS - 21 * DAY_MS)}`;
  const rows = [
    await measured(run, 'everything of one client', 1, ''),
    await measured(run, 'nine days of 100 clients', 100, nineDays),
  ];
  printTable(
    `Windows of limited callers in ${count(database.sessions)} sessions, over HTTP`,
    ['what', 'rows', 'fastest', 'median', 'slowest'],
    rows,
  );
}

async function measured(run: AimRun, what: string, clients: number, query: string): Promise<string[]> {
  const guids = Array.from({ length: clients }, (_, n) => `machine-${String(n * 7).padStart(5, '0')}`);
  const { app, windowServer } = await startedApplication(largest(run), ...guids.flatMap((guid) => ['--client', guid]));
  const answers = await repeated(run.rounds, () =>
    timedGet(`${windowServer.url}/ekranapi/sessions${query}`, windowServer.key),
  );
  await app.kill();
  const ms = answers.map((answer) => answer.ms);
  const rows = (JSON.parse(answers[0]!.body.toString()) as unknown[]).length;
  return [what, count(rows), ...[Math.min(...ms), median(ms), Math.max(...ms)].map(inMs)];
}
