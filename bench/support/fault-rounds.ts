import type { DurableServer } from '../../test/support/durable-server.mjs';
import { Application } from './application.js';
import { type StoredFaults, compareStored } from './compare-stored.js';
import { FaultLoad, type FaultLoadOptions, SENDERS } from './fault-senders.js';
import { holdNames } from './hold-names.js';
import { LogWatch } from './log-watch.js';
import { randomNumbers } from './random-numbers.js';

export interface FaultOptions {
  readonly databaseUrl: string;
  /** The database server, which is also killed; absent for SQLite. */
  readonly database?: DurableServer;
  readonly rounds: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

export interface FaultReport extends StoredFaults {
  rounds: number;
  serverKills: number;
  databaseKills: number;
  recordsSent: number;
  recordsAcknowledged: number;
  /** Requests that were not answered with 200 before the kill; they are sent again afterwards. */
  requestsInDoubt: number;
  windowsRead: number;
  /** Entries that the follower of the change log read. */
  entriesFollowed: number;
  /** Places that were skipped or given twice, versions that the follower misses, and entries that do not fit the tree. */
  logFaults: number;
  contradictions: string[];
}

/** Every fifth round holds a lock that transactions need, so that they take as long as the round. */
const SLOW_ROUND = 5;
const SERVER_ONLY = { server: true, database: false };
/** What the rounds kill, in turn. */
const KILLS = [SERVER_ONLY, { server: false, database: true }, { server: true, database: true }] as const;

/** Runs rounds of load from several senders. Each round ends with a kill -9 at a random moment and a check of the tables. */
export async function faultRounds(options: FaultOptions): Promise<FaultReport> {
  const app = await Application.on(options.databaseUrl, {
    ...{ LOG_LEVEL: 'error', POOL_TIMEOUT: '2s', INGESTS_PER_CALLER: String(SENDERS) },
  });
  await app.cli('migrate');
  const key = await app.cli('keys', 'create', '--name', 'f', '--scope', 'ingest:write', '--scope', 'sessions:read');
  const reader = await app.cli('keys', 'create', '--name', 'r', '--scope', 'changes:read');
  const counts = { rounds: 0, serverKills: 0, databaseKills: 0, recordsSent: 0, recordsAcknowledged: 0 };
  const found = { requestsInDoubt: 0, windowsRead: 0, lost: 0, duplicated: 0, halfApplied: 0 };
  const followed = { entriesFollowed: 0, logFaults: 0 };
  const report: FaultReport = { ...counts, ...found, ...followed, contradictions: [] };
  const random = randomNumbers(options.seed);
  await app.start();
  const log = new LogWatch(app, reader, options.databaseUrl);
  try {
    for (let round = 0; round < options.rounds; round++) {
      await oneRound(new Round(app, { apps: [app], key, round, random }), options, report);
      await log.check(`r${round}.`, report);
      report.rounds++;
      const { lost, duplicated, halfApplied, recordsAcknowledged, entriesFollowed, logFaults } = report;
      options.onProgress?.(
        `round ${round + 1}: ${recordsAcknowledged} acknowledged so far, ${lost} lost, ${duplicated} duplicated, ${halfApplied} half applied; ${entriesFollowed} entries followed, ${logFaults} faults`,
      );
    }
  } finally {
    await app.kill();
    await log.stop();
  }
  return report;
}

async function oneRound(round: Round, options: FaultOptions, report: FaultReport): Promise<void> {
  const release = round.isSlow && options.database ? await holdNames(options.databaseUrl) : async () => {};
  const load = round.run();
  await new Promise((resolve) => setTimeout(resolve, 50 + round.random() * 700));
  if (round.isSlow) await new Promise((resolve) => setTimeout(resolve, 1500));
  const { server, database } = options.database ? round.kills : SERVER_ONLY;
  if (server) {
    await round.app.kill();
    report.serverKills++;
  }
  if (database) {
    await options.database!.kill();
    report.databaseKills++;
  }
  await release();
  round.stop();
  report.windowsRead += await load;
  if (database) await options.database!.restart();
  report.requestsInDoubt += round.inDoubt.length;
  await compareStored(round, options.databaseUrl, report);
  if (server) await round.app.start();
  await round.insist();
  await compareStored(round, options.databaseUrl, report);
  report.recordsSent += round.records.sent;
  report.recordsAcknowledged += round.records.acknowledged;
  report.halfApplied += round.log.contradictions.length;
  report.contradictions.push(...round.log.contradictions);
}

class Round extends FaultLoad {
  readonly random: () => number;
  private readonly number: number;

  constructor(
    readonly app: Application,
    options: FaultLoadOptions,
  ) {
    super(options);
    this.number = options.round;
    this.random = options.random;
  }

  get isSlow(): boolean {
    return this.number % SLOW_ROUND === SLOW_ROUND - 1;
  }

  get kills(): (typeof KILLS)[number] {
    return KILLS[this.number % KILLS.length]!;
  }
}
