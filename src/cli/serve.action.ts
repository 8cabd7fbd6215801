import cluster from 'node:cluster';
import { loadConfig } from '../config/load-config.js';

/** Reports a fault of the configuration before the application is loaded. */
export async function serveConfigured(): Promise<void> {
  const config = loadConfig();
  if (config.WORKERS > 1 && cluster.isPrimary) await (await import('../workers/run-workers.js')).runWorkers(config);
  else await (await import('../serve.js')).serve(config);
}
