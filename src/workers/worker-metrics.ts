import { AggregatorRegistry, Gauge, Registry } from 'prom-client';
import { serveMetrics } from '../platform/observability/metrics/metrics-server.js';
import { metricsOf } from '../platform/observability/metrics/worker-messages.js';
import type { Workers } from './workers.js';

const PREFIX = 'session_audit_';

/**
 * Serves the metrics of all workers together: sums, except where the sum has no meaning. A counter falls when a worker ends, which
 * Prometheus takes for a restart.
 *
 * @throws ListenError when the address cannot be used
 */
export async function serveWorkerMetrics(address: string, workers: Workers): Promise<void> {
  const own = new Registry();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name: `${PREFIX}${name}`, help, registers: [own] },
      collect() {
        this.set(read());
      },
    });
  gauge('workers', 'Worker processes that serve. The other metrics cover all of them.', () => workers.serving);
  gauge('worker_restarts', 'Workers that were started in place of one that had ended.', () => workers.restarts);
  // Not `clusterMetrics` of prom-client: it waits five seconds for a worker that is starting, and then fails.
  const ofWorkers = async () => {
    const metrics = await Promise.all(workers.servingWorkers.map(metricsOf));
    return AggregatorRegistry.aggregate(metrics.filter((ofOne) => ofOne !== null)).metrics();
  };
  const collect = async () => `${await own.metrics()}${await ofWorkers()}`;
  await serveMetrics(address, { contentType: own.contentType, collect });
}
