import type { AppConfig } from '../../../config/app-config.js';
import { ConfigError } from '../../../config/config-error.js';
import type { Metrics } from '../../observability/metrics/metrics.js';
import { tlsFilesOf } from '../connection/database-tls.js';
import { parseDatabaseUrl } from '../connection/database-url.js';
import type { PoolMetrics } from '../connection/pool-metrics.js';
import type { ServerAddress } from '../connection/server-access.js';
import { syncReads } from '../connection/session-settings.js';
import type { Engine } from '../engines/engine.js';
import type { ServerEpochs } from '../snapshots/server-epochs.js';
import { NodeProbe } from './node-probe.js';
import { ReadNode } from './read-node.js';
import type { WriterClock } from './writer-clock.js';

/** A caller can ask another replica, or the writer. */
const POOL_WAIT_MS = 1000;

interface Surroundings {
  readonly engine: Engine;
  readonly clock: WriterClock;
  readonly pools: PoolMetrics;
  readonly metrics: Metrics;
  readonly epochs: ServerEpochs;
}

/** The databases of DATABASE_READ_URL. None of them is connected to before it is used. @throws ConfigError */
export async function openReplicas(config: AppConfig, surroundings: Surroundings): Promise<ReadNode[]> {
  if (config.readUrls.length === 0) return [];
  const addresses = config.readUrls.map((url) => addressOf(url, config));
  if (surroundings.engine.family === 'sqlite') throw new ConfigError(['DATABASE_READ_URL has no effect on SQLite']);
  const { ServerSnapshots } = await import('../snapshots/server-snapshots.js');
  const { engine, clock, pools, metrics, epochs } = surroundings;
  const connections = config.DB_POOL_SIZE + config.MAX_DOWNLOADS;
  const nodes = addresses.map((address) => {
    const name = `${address.host}:${address.port}`;
    const snapshots = new ServerSnapshots(address, engine, {
      ...{ connections, waitMs: Math.min(POOL_WAIT_MS, config.POOL_TIMEOUT), statementMs: config.STATEMENT_TIMEOUT },
      ...{ observer: pools.observer(`replica ${name}`, connections), optionalSettings: [syncReads(engine)], epochs },
    });
    return new ReadNode({
      name,
      snapshots,
      clock,
      probe: new NodeProbe(address, syncReads(engine)),
      maxLagMs: config.DATABASE_READ_MAX_LAG,
    });
  });
  measure(nodes, metrics);
  return nodes;
}

function measure(nodes: readonly ReadNode[], metrics: Metrics): void {
  const gauge = (name: string, help: string, value: (node: ReadNode) => number) =>
    metrics.gauge({ name, help, labels: ['replica'], acrossWorkers: 'max' }, () =>
      nodes.map((node) => [{ replica: node.name }, value(node)]),
    );
  gauge('read_replica_used', 'Whether the read replica answers; 0 while it is left out.', ({ isUsed }) =>
    Number(isUsed),
  );
  gauge('read_replica_lag_seconds', 'Age of the state of the read replica.', ({ lagMs }) => lagMs / 1000);
}

function addressOf(url: string, config: AppConfig): ServerAddress {
  let address;
  try {
    address = parseDatabaseUrl(url, tlsFilesOf(config));
  } catch (error) {
    throw new ConfigError([(error as Error).message.replace('DATABASE_URL', 'DATABASE_READ_URL')]);
  }
  if (address.kind === 'server') return address;
  throw new ConfigError(['DATABASE_READ_URL must be mysql://user:password@host:port/database']);
}
