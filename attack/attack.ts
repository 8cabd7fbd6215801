// npm run attack [-- --engine mariadb] [--scale 1] [--seed 1] [--only TEXT,…]
// Attacks a private server on the loopback address, and prints what each attack achieved. Exits with 1 if one succeeds.
// --engine: sqlite (default); mariadb or mysql for the server of TEST_MYSQL_URL, or the one that is installed.
// --scale: share of the full number of requests. --only: attacks whose group or name contains one of the texts.
import { parseArgs } from 'node:util';
import { printProgress, printTable } from '../bench/support/report.js';
import { callers } from './cases/callers.js';
import { connections } from './cases/connections.js';
import { fuzz } from './cases/fuzz.js';
import { heavyRequests } from './cases/heavy-requests.js';
import { ingestBodies } from './cases/ingest-bodies.js';
import { logFiles } from './cases/log-files.js';
import { lostAnswers } from './cases/lost-answers.js';
import { malformed } from './cases/malformed.js';
import { missingBodies, slowIngestion } from './cases/slow-senders.js';
import type { AttackGroup, Result } from './support/attack.js';
import { attackDatabase } from './support/attack-database.js';
import { type Keys, Target, prepareDatabase } from './support/target.js';

/** Groups of one stage run side by side: they mostly wait, and none of them measures memory or time of others. */
const STAGES: readonly (readonly AttackGroup[])[] = [
  [malformed],
  [lostAnswers],
  [connections],
  [slowIngestion, missingBodies, logFiles],
  [heavyRequests],
  [callers],
  [ingestBodies],
  [fuzz],
];
const ENGINES = ['sqlite', 'mariadb', 'mysql'];

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    scale: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
if (!ENGINES.includes(values.engine)) throw new Error(`--engine must be one of ${ENGINES.join(', ')}`);
const plan = { scale: Number(values.scale), randomSeed: Number(values.seed) };
const only = values.only.split(',');
const began = performance.now();
const database = await attackDatabase(values.engine === 'sqlite' ? 'sqlite' : 'server');
const rows: string[][] = [];
try {
  printProgress('preparing the database');
  const keys = await prepareDatabase(database);
  for (const stage of STAGES)
    for (const results of await Promise.all(stage.map((group) => runGroup(group, keys)))) rows.push(...results);
} finally {
  await database.remove();
}
printTable(`Attacks on ${values.engine}`, ['attack', 'tried', 'what happened', 'held'], rows);
const failed = rows.filter(([, , , held]) => held !== 'yes').length;
console.log(`\n${rows.length - failed} of ${rows.length} held, in ${Math.round((performance.now() - began) / 1000)} s`);
// What an attack that failed has left behind must not keep the process alive.
process.exit(failed > 0 ? 1 : 0);

/** An attack that ends the process has succeeded; the ones after it get a new process. */
async function runGroup({ name: group, settings = {}, attacks }: AttackGroup, keys: Keys): Promise<string[][]> {
  const results: string[][] = [];
  const chosen = attacks.filter(({ name }) => only.some((text) => `${group} ${name}`.includes(text)));
  let target: Target | undefined;
  try {
    for (const attack of chosen) {
      printProgress(attack.name);
      if (!target?.running) target = await Target.start(database, keys, settings, plan);
      const result = await attack.run(target).catch(asResult);
      const held = result.held && target.running;
      const outcome = target.running ? result.outcome : 'the process ended';
      results.push([attack.name, result.tried, outcome, held ? 'yes' : 'NO']);
      printProgress(`${attack.name}: ${held ? 'held' : 'DID NOT HOLD'}: ${outcome}`);
    }
  } finally {
    await target?.stop();
  }
  return results;
}

function asResult(error: unknown): Result {
  return { tried: 'the attack itself failed', outcome: String((error as Error).message), held: false };
}
