import { loadConfig } from '../config/load-config.js';

/** Reports a fault of the configuration before the application is loaded. */
export async function serveConfigured(): Promise<void> {
  const config = loadConfig();
  await (await import('../serve.js')).serve(config);
}
