import { median } from '../support/median.js';
import { printProgress, printTable } from '../support/report.js';
import { timedGet } from '../support/timed-get.js';
import { type AimRun, application, largest, repeated } from './aim-run.js';

export async function startTable(run: AimRun): Promise<void> {
  printProgress('start-up');
  const { app, key } = await application(largest(run).url);
  const seconds = await repeated(run.quick ? 3 : 5, async () => {
    const started = performance.now();
    await app.start();
    await timedGet(`${app.url}/ekranapi/sessions?start=2025-12-01T10:00:00Z&end=2025-12-01T11:00:00Z`, key);
    const taken = (performance.now() - started) / 1000;
    await app.kill();
    return taken;
  });
  printTable(
    'From the start of the process to the first answered window (aim: under 2 s)',
    ['median', 'slowest'],
    [[`${median(seconds).toFixed(2)} s`, `${Math.max(...seconds).toFixed(2)} s`]],
  );
}
