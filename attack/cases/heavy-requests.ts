import type { AttackGroup, Result } from '../support/attack.js';
import { pause } from '../support/raw-connection.js';
import type { Target } from '../support/target.js';

const PARALLEL = 25;
const WINDOWS = 15;
const MAX_RATIO = 10;
/** A machine with other work may delay any request by this much. */
const MIN_BOUND_MS = 100;

export const heavyRequests: AttackGroup = {
  name: 'heavy requests',
  settings: { MAX_DOWNLOADS: '10' },
  attacks: [{ name: '25 heavy requests of one key', run: heavy }],
};

/** Measures windows of another caller while one keeps 25 requests for productivity under way. */
async function heavy(target: Target): Promise<Result> {
  const idleMs = await windows(target);
  let ended = false;
  let answered = 0;
  const path = '/ekranapi/user/getproductivity';
  const work = Array.from({ length: PARALLEL }, async () => {
    while (!ended) {
      const answer = await fetch(`${target.url}${path}`, { headers: { ApiKey: target.keys.reader } });
      await answer.arrayBuffer();
      answered++;
    }
  });
  await pause(500);
  const busyMs = await windows(target).finally(() => (ended = true));
  await Promise.all(work);
  const bound = Math.max(MIN_BOUND_MS, MAX_RATIO * idleMs);
  return {
    tried: `${PARALLEL} requests for productivity at a time, ${answered} in total`,
    outcome: `a window of another caller: ${idleMs.toFixed(1)} ms idle, ${busyMs.toFixed(1)} ms meanwhile (medians)`,
    held: busyMs <= bound,
  };
}

async function windows(target: Target): Promise<number> {
  const all: number[] = [];
  for (let n = 0; n < WINDOWS; n++) all.push(await target.bystanderWindow());
  return all.sort((a, b) => a - b)[WINDOWS >> 1]!;
}
