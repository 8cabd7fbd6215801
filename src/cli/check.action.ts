import { SingleBar } from 'cli-progress';
import { SessionCheckService } from '../modules/sessions/lifecycle/session-check.service.js';
import { withApp } from './context.js';

/** Number of listed faults; the others are only counted. */
const SHOWN = 20;

/** Verifies the row and the interval index entry of every session. */
export async function checkSessions(): Promise<void> {
  const { checked, faults } = await withApp((app) => check(app.get(SessionCheckService)));
  process.stdout.write(`${checked} sessions checked, ${faults} faults\n`);
  if (faults > 0) process.exitCode = 2;
}

async function check(service: SessionCheckService): Promise<{ checked: number; faults: number }> {
  const bar = new SingleBar({
    format: '{bar} {percentage}%, {duration_formatted}, {eta_formatted} left',
    noTTYOutput: false,
  });
  let checked = 0;
  let faults = 0;
  bar.start(1, 0);
  try {
    for await (const page of service.check(new AbortController().signal)) {
      for (const { sessionId, detail } of page.faults) {
        if (++faults <= SHOWN) process.stderr.write(`session ${sessionId} ${detail}\n`);
      }
      checked = page.checked;
      bar.setTotal(page.last);
      bar.update(page.upTo);
    }
  } finally {
    bar.stop();
  }
  if (faults > SHOWN) process.stderr.write(`… and ${faults - SHOWN} more\n`);
  return { checked, faults };
}
