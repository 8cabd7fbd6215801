import { type Histogram, type LabelledValue, Metrics } from '../../observability/metrics/metrics.js';
import type { PoolObserver, PoolUse } from './pool-wait.js';

interface WatchedPool {
  readonly pool: string;
  readonly limit: number | undefined;
  readonly use: () => PoolUse;
}

/** Use of the connection pools, by the label `pool`. */
export class PoolMetrics {
  private readonly waits: Histogram;
  private readonly pools: WatchedPool[] = [];

  constructor(metrics: Metrics) {
    const labels = ['pool'];
    const help = 'Time until a connection of the pool was free, or the limit was reached.';
    this.waits = metrics.histogram({ name: 'database_connection_wait_seconds', help, labels });
    const gauge = (name: string, text: string, value: (pool: WatchedPool) => number) =>
      metrics.gauge({ name, help: text, labels }, () => this.values(value));
    gauge('database_connections_in_use', 'Connections that are being used.', ({ use }) => use().inUse);
    gauge('database_connection_waiters', 'Callers that wait for a connection.', ({ use }) => use().waiting);
    gauge('database_connections_limit', 'Most connections of the pool.', ({ limit }) => limit ?? Infinity);
  }

  /** @param limit most connections; undefined for a pool without a limit */
  observer(pool: string, limit?: number): PoolObserver {
    return {
      waited: (seconds) => this.waits.observe(seconds, { pool }),
      watch: (use) => this.pools.push({ pool, limit, use }),
    };
  }

  private values(value: (pool: WatchedPool) => number): LabelledValue[] {
    return this.pools.map((pool) => [{ pool: pool.pool }, value(pool)]);
  }
}
