// npm run faults [-- --rounds 50 --seed 1 --engine sqlite | --cluster galera|group-replication]
// Kills the server process and a private, durable database (the first mariadbd or mysqld on the PATH) with kill -9 at random moments under load, and compares the
// acknowledged records with the stored ones. A follower reads the change log all the time; its copy and the tree of the log
// are compared after each round. Exits with 1 if a record is lost, duplicated or partially applied, or the log has a fault.
// With --cluster, kills and freezes nodes of a cluster behind HAProxy instead, and measures what callers see.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { DurableServer } from '../test/support/durable-server.mjs';
import { type ClusterKind, DatabaseCluster } from '../test/support/clusters/database-cluster.js';
import { groupReplication } from '../test/support/clusters/group-replication.js';
import { galera } from '../test/support/clusters/galera.js';
import { type ClusterFaultReport, clusterRounds } from './support/clusters/cluster-rounds.js';
import { type FaultReport, faultRounds } from './support/fault-rounds.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'server' },
    cluster: { type: 'string' },
  },
});
const options = {
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  onProgress: (line: string) => console.log(line),
};
if (values.cluster !== undefined) await onCluster(values.cluster);
else if (values.engine === 'sqlite') await onSqlite();
else if (values.engine === 'server') await onServer();
else throw new Error('--engine is sqlite or server.');

/** Only the process is killed. */
async function onSqlite(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  try {
    print(await faultRounds({ ...options, databaseUrl: `sqlite:${join(folder, 'sessions.db')}` }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function onServer(): Promise<void> {
  const database = new DurableServer();
  try {
    const base = await database.create();
    const connection = await createConnection(base);
    const [[version]] = (await connection.query('SELECT VERSION() AS name')) as unknown as [{ name: string }[]];
    console.log(version!.name);
    await connection.query('CREATE DATABASE faults');
    await connection.end();
    print(await faultRounds({ ...options, databaseUrl: new URL('faults', base).href, database }));
  } finally {
    await database.remove();
  }
}

async function onCluster(name: string): Promise<void> {
  const kinds: Record<string, () => ClusterKind | undefined> = { galera, 'group-replication': groupReplication };
  const kind = kinds[name]?.();
  if (!kind) throw new Error('--cluster is galera or group-replication, and its programs must be there.');
  const cluster = await DatabaseCluster.start(kind);
  try {
    printCluster(await clusterRounds({ ...options, cluster }));
  } finally {
    await cluster.remove();
  }
}

function printCluster({ contradictions, refusals, slowest, ...figures }: ClusterFaultReport): void {
  const milliseconds = (name: string, values: number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return { [`${name}, median of the rounds`]: sorted[sorted.length >> 1], [`${name}, longest`]: sorted.at(-1) };
  };
  console.table({ ...figures, ...milliseconds('refused for ms', refusals), ...milliseconds('slowest ms', slowest) });
  for (const line of contradictions) console.log(line);
  const { lost, duplicated, halfApplied, logFaults, auditFaults, unequalTables } = figures;
  process.exitCode = lost + duplicated + halfApplied + logFaults + auditFaults + unequalTables > 0 ? 1 : 0;
}

function print({ contradictions, ...figures }: FaultReport): void {
  console.table(figures);
  for (const line of contradictions) console.log(line);
  const { lost, duplicated, halfApplied, logFaults } = figures;
  process.exitCode = lost + duplicated + halfApplied + logFaults > 0 ? 1 : 0;
}
