import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseCluster } from '../../../test/support/clusters/database-cluster.js';
import type { DatabaseNode } from '../../../test/support/clusters/database-node.js';
import { Application } from '../application.js';
import { type CallSummary, summarise } from '../call-times.js';
import { type StoredFaults, compareStored } from '../compare-stored.js';
import { FaultLoad, SENDERS } from '../fault-senders.js';
import { LogWatch } from '../log-watch.js';
import { randomNumbers } from '../random-numbers.js';
import { auditFaults } from './audit-faults.js';
import { unequalTables } from './equal-nodes.js';
import { revocationTime } from './revocation-time.js';

export interface ClusterFaultOptions {
  readonly cluster: DatabaseCluster;
  readonly rounds: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

export interface ClusterFaultReport extends StoredFaults {
  rounds: number;
  kills: number;
  freezes: number;
  /** Of both: those that hit the node that writes. */
  ofWriter: number;
  recordsSent: number;
  recordsAcknowledged: number;
  requestsInDoubt: number;
  windowsRead: number;
  entriesFollowed: number;
  /** As in the rounds with one server, and what `changes verify` finds. */
  logFaults: number;
  /** Breaks of the chain, answered calls without a record, and calls with more than one. */
  auditFaults: number;
  /** Tables that differ between two nodes. */
  unequalTables: number;
  callsAnswered: number;
  /** 503 with Retry-After. */
  callsRefused: number;
  /** Any other answer than 200, and calls without an answer. */
  callsFailed: number;
  /** Longest time from the start of a refused call until the next answer of 200 to the same caller, by round. */
  refusals: number[];
  /** Longest time until an answer of 200, by round. */
  slowest: number[];
  /** Longest time after the answer to a revocation in which a process accepted the key. */
  longestRevocationMs: number;
  contradictions: string[];
}

/** Two processes, so that a limit or a memory of one process shows. */
const PROCESSES = 2;
const BEFORE_MS = 700;
const AFTER_MS = 500;
const RECOVERY_LIMIT_MS = 60_000;
/** Rounds after which the nodes are compared, which takes long: every row is read on every node. */
const COMPARE_EVERY = 5;
/** Every third round hits a node that does not write. */
const OTHER_NODE = 3;

/**
 * Runs rounds of load on a cluster. Each kills or freezes a node and lets it join again, while senders, readers and a
 * follower go on; then it compares what was acknowledged with what is stored, and the nodes with each other.
 */
export async function clusterRounds(options: ClusterFaultOptions): Promise<ClusterFaultReport> {
  const { cluster } = options;
  const databaseUrl = await createDatabase(cluster);
  const apps = await startProcesses(databaseUrl);
  const log = await watchLog(apps[0]!, databaseUrl);
  const report = emptyReport();
  const random = randomNumbers(options.seed);
  try {
    const key = await apps[0]!.cli(
      'keys',
      'create',
      '--name',
      'f',
      '--scope',
      'ingest:write',
      '--scope',
      'sessions:read',
    );
    const admin = await apps[0]!.cli('keys', 'create', '--name', 'a', '--scope', 'admin');
    const answered: string[] = [];
    for (let round = 0; round < options.rounds; round++) {
      const load = new FaultLoad({ apps, key, round, random, maxRecords: 20 });
      await oneRound(cluster, load, report, random);
      await load.insist();
      await compareStored(load, databaseUrl, report);
      await log.check(load.prefix, report);
      if (round % COMPARE_EVERY === COMPARE_EVERY - 1 || round === options.rounds - 1)
        report.unequalTables += (await unequalTables(cluster, new URL(databaseUrl).pathname.slice(1), report)).length;
      report.longestRevocationMs = Math.max(report.longestRevocationMs, await revocationTime(apps, admin));
      answered.push(...load.log.calls.filter(({ status }) => status === 200).map(({ requestId }) => requestId));
      report.rounds++;
      options.onProgress?.(lineOf(report));
    }
    report.auditFaults += await auditFaults(databaseUrl, apps[0]!, { answered, contradictions: report.contradictions });
    await apps[0]!.cli('changes', 'verify');
  } finally {
    for (const app of apps) await app.kill();
    await log.stop();
  }
  return report;
}

async function oneRound(
  cluster: DatabaseCluster,
  load: FaultLoad,
  report: ClusterFaultReport,
  random: () => number,
): Promise<void> {
  const running = load.run();
  try {
    await sleep(BEFORE_MS + random() * BEFORE_MS);
    const node = await nodeToHit(cluster, report);
    const hit = performance.now();
    await (report.rounds % 2 === 0 ? kill(node, report) : freeze(node, report));
    if (!(await recovered(load, hit)))
      report.contradictions.push(`round ${report.rounds}: a caller had no answer for ${RECOVERY_LIMIT_MS} ms`);
    await sleep(AFTER_MS);
    await cluster.rejoin(node);
    await sleep(AFTER_MS);
  } finally {
    load.stop();
    report.windowsRead += await running;
  }
  add(report, load, summarise(load.log.calls));
}

async function nodeToHit(cluster: DatabaseCluster, report: ClusterFaultReport): Promise<DatabaseNode> {
  const writer = await cluster.writer();
  const hitsOther = report.rounds % OTHER_NODE === OTHER_NODE - 1;
  if (!hitsOther) report.ofWriter++;
  return hitsOther ? cluster.nodes.find((node) => node !== writer)! : writer;
}

async function kill(node: DatabaseNode, report: ClusterFaultReport): Promise<void> {
  report.kills++;
  await node.kill();
}

async function freeze(node: DatabaseNode, report: ClusterFaultReport): Promise<void> {
  report.freezes++;
  node.freeze();
}

/** Waits until every caller got an answer of 200 to a call that it sent after the fault. @returns whether all got one in time */
async function recovered(load: FaultLoad, hit: number): Promise<boolean> {
  const callers = new Set(load.log.calls.map(({ caller }) => caller));
  const deadline = hit + RECOVERY_LIMIT_MS;
  const answered = () =>
    new Set(load.log.calls.filter(({ from, status }) => from > hit && status === 200).map(({ caller }) => caller));
  while ([...callers].some((caller) => !answered().has(caller))) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

function add(report: ClusterFaultReport, load: FaultLoad, calls: CallSummary): void {
  report.requestsInDoubt += load.inDoubt.length;
  report.recordsSent += load.records.sent;
  report.recordsAcknowledged += load.records.acknowledged;
  report.halfApplied += load.log.contradictions.length;
  report.contradictions.push(...load.log.contradictions);
  report.callsAnswered += calls.answered;
  report.callsRefused += calls.refused;
  report.callsFailed += calls.others.length;
  report.refusals.push(Math.round(calls.longestRefusalMs));
  report.slowest.push(Math.round(calls.slowestMs));
  for (const { caller, from, to, status, reason } of calls.others.slice(0, 3))
    report.contradictions.push(`${caller}: ${status} after ${Math.round(to - from)} ms: ${reason}`);
}

async function createDatabase(cluster: DatabaseCluster): Promise<string> {
  const writer = await cluster.writer();
  await writer.rows('CREATE DATABASE faults');
  return new URL('faults', cluster.url).href;
}

async function startProcesses(databaseUrl: string): Promise<Application[]> {
  const settings = { LOG_LEVEL: 'error', INGESTS_PER_CALLER: String(SENDERS) };
  const apps: Application[] = [];
  for (let n = 0; n < PROCESSES; n++) apps.push(await Application.on(databaseUrl, settings));
  await apps[0]!.cli('migrate');
  for (const app of apps) await app.start();
  return apps;
}

async function watchLog(app: Application, databaseUrl: string): Promise<LogWatch> {
  const reader = await app.cli('keys', 'create', '--name', 'r', '--scope', 'changes:read');
  return new LogWatch(app, reader, databaseUrl);
}

function emptyReport(): ClusterFaultReport {
  return {
    ...{ rounds: 0, kills: 0, freezes: 0, ofWriter: 0, recordsSent: 0, recordsAcknowledged: 0, requestsInDoubt: 0 },
    ...{ windowsRead: 0, entriesFollowed: 0, lost: 0, duplicated: 0, halfApplied: 0, logFaults: 0, auditFaults: 0 },
    ...{ unequalTables: 0, callsAnswered: 0, callsRefused: 0, callsFailed: 0, longestRevocationMs: 0 },
    ...{ refusals: [], slowest: [], contradictions: [] },
  };
}

function lineOf(report: ClusterFaultReport): string {
  const { rounds, recordsAcknowledged, lost, duplicated, halfApplied, logFaults, unequalTables: unequal } = report;
  const stored = `${recordsAcknowledged} acknowledged so far, ${lost} lost, ${duplicated} duplicated, ${halfApplied} half applied`;
  const calls = `refused for ${report.refusals.at(-1)} ms, slowest answer ${report.slowest.at(-1)} ms, ${report.callsFailed} failed so far`;
  return `round ${rounds}: ${stored}, ${logFaults} faults of the log, ${unequal} unequal tables; ${calls}`;
}
