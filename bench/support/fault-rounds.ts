import type { DurableServer } from '../../test/support/durable-server.mjs';
import { Application } from './application.js';
import { ACTIVITIES, ClientLog, type FaultRequest, deliver, watch } from './fault-load.js';
import { LogWatch } from './log-watch.js';
import { holdNames } from './hold-names.js';
import { storedSessions } from './stored-counts.js';

export interface FaultOptions {
  readonly databaseUrl: string;
  /** The database server, which is also killed; absent for SQLite. */
  readonly database?: DurableServer;
  readonly rounds: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

export interface FaultReport {
  rounds: number;
  serverKills: number;
  databaseKills: number;
  recordsSent: number;
  recordsAcknowledged: number;
  /** Requests that were not answered with 200 before the kill; they are sent again afterwards. */
  requestsInDoubt: number;
  windowsRead: number;
  /** Acknowledged records that are missing or lack an activity. */
  lost: number;
  /** Records that are stored twice or have a duplicate activity. */
  duplicated: number;
  /** Requests that are partially stored or partially visible in a window. */
  halfApplied: number;
  /** Entries that the follower of the change log read. */
  entriesFollowed: number;
  /** Places that were skipped or given twice, versions that the follower misses, and entries that do not fit the tree. */
  logFaults: number;
  contradictions: string[];
}

const SENDERS = 8;
/** Every fifth round holds a lock that transactions need, so that they take as long as the round. */
const SLOW_ROUND = 5;
const SERVER_ONLY = { server: true, database: false };
/** What the rounds kill, in turn. */
const KILLS = [SERVER_ONLY, { server: false, database: true }, { server: true, database: true }] as const;
const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);

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
  const random = generator(options.seed);
  await app.start();
  const log = new LogWatch(app, reader, options.databaseUrl);
  try {
    for (let round = 0; round < options.rounds; round++) {
      await oneRound(new Round(app, key, round, random), options, report);
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
  const load = round.load();
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
  const doubts = round.log.sent.filter((request) => !round.log.acknowledged.has(request));
  report.requestsInDoubt += doubts.length;
  await compare(round, options.databaseUrl, report);
  if (server) await round.app.start();
  // Retry every request that has no answer, as a client does after a fault.
  for (const request of doubts) await round.insist(request);
  await compare(round, options.databaseUrl, report);
  report.recordsSent += round.log.sent.reduce((sum, { size }) => sum + size, 0);
  report.recordsAcknowledged += [...round.log.acknowledged].reduce((sum, { size }) => sum + size, 0);
  report.halfApplied += round.log.contradictions.length;
  report.contradictions.push(...round.log.contradictions);
}

/** The load of one round: its senders and their log. */
class Round {
  readonly log = new ClientLog();
  private stopped = false;

  constructor(
    readonly app: Application,
    readonly key: string,
    private readonly number: number,
    readonly random: () => number,
  ) {}

  get isSlow(): boolean {
    return this.number % SLOW_ROUND === SLOW_ROUND - 1;
  }

  get kills(): (typeof KILLS)[number] {
    return KILLS[this.number % KILLS.length]!;
  }

  get prefix(): string {
    return `r${this.number}.`;
  }

  /** @returns the number of windows read meanwhile */
  async load(): Promise<number> {
    const window = { from: START + this.number * HOUR, to: START + (this.number + 1) * HOUR };
    const ended = () => this.stopped;
    const [looks] = await Promise.all([
      watch(this.app, this.key, window, { log: this.log, ended }),
      ...Array.from({ length: SENDERS }, (_, sender) => this.send(sender)),
    ]);
    return looks!;
  }

  stop(): void {
    this.stopped = true;
  }

  async insist(request: FaultRequest): Promise<void> {
    for (let tries = 0; !(await deliver(this.app, this.key, request, this.log)); tries++) {
      if (tries === 100) throw new Error(`${request.id} is not accepted`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async send(sender: number): Promise<void> {
    for (let n = 0; !this.stopped; n++) {
      const { sent } = this.log;
      // Sometimes repeat a request that was already sent or is in flight.
      const again = sent.length > 0 && this.random() < 0.2 ? sent[Math.floor(this.random() * sent.length)] : undefined;
      const request = again ?? this.fresh(`${this.prefix}${sender}.${n}`);
      if (!again) sent.push(request);
      if (!(await deliver(this.app, this.key, request, this.log, again !== undefined)))
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private fresh(id: string): FaultRequest {
    const from = START + this.number * HOUR + Math.floor(this.random() * 1000) * 1000;
    return { id, size: 1 + Math.floor(this.random() * 300), from };
  }
}

async function compare({ log, prefix }: Round, databaseUrl: string, report: FaultReport): Promise<void> {
  const counts = new Map<string, number>();
  for (const { externalId, rows, activities, distinctActivities } of await storedSessions(databaseUrl, prefix)) {
    const request = externalId.slice(0, externalId.lastIndexOf('-'));
    counts.set(request, (counts.get(request) ?? 0) + 1);
    if (Number(rows) > 1 || Number(activities) > Number(distinctActivities)) report.duplicated++;
    if (Number(distinctActivities) < ACTIVITIES) report.lost++;
  }
  for (const request of log.sent) {
    const count = counts.get(request.id) ?? 0;
    if (log.acknowledged.has(request)) report.lost += request.size - count;
    else if (count !== 0 && count !== request.size) report.halfApplied++;
  }
}

/** Mulberry32, so that a seed reproduces the rounds apart from timing. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
