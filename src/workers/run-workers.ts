import { Logger } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.js';
import { AppLogger } from '../platform/observability/app-logger.js';
import { shutdownLimitMs } from '../platform/http/server/shutdown-limit.js';
import { serveWorkerMetrics } from './worker-metrics.js';
import { Workers } from './workers.js';

/** After this time beyond that of the workers themselves, a worker that still runs is killed. */
const KILL_AFTER_MS = 5000;

/**
 * Serves with WORKERS processes that share one port (node:cluster). This process, the primary, answers no request and has no
 * connection to the database. ADR 57.
 */
export async function runWorkers(config: AppConfig): Promise<void> {
  Logger.overrideLogger(new AppLogger(config));
  const workers = new Workers(config.WORKERS, (code) => process.exit(code));
  const stop = (signal: NodeJS.Signals) => {
    workers.stop(signal);
    setTimeout(() => workers.kill(), shutdownLimitMs(config) + KILL_AFTER_MS).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  process.on('SIGHUP', () => workers.signal('SIGHUP'));
  if (!(await workers.start())) return;
  if (config.METRICS_LISTEN !== 'off') await serveWorkerMetrics(config.METRICS_LISTEN, workers);
  new Logger('Workers').log(`${config.WORKERS} worker processes serve; background jobs run in one of them at a time`);
}
