import cluster from 'node:cluster';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type App, createApp } from './app.setup.js';
import type { AppConfig } from './config/app-config.js';
import { environmentWarnings } from './config/environment.js';
import { VERSION } from './config/version.js';
import { KeyCache } from './modules/access/authentication/key-cache.js';
import { ChangeSequencerService } from './modules/changes/log/change-sequencer.service.js';
import { CheckpointsService } from './modules/checkpoints/checkpoints.service.js';
import { OlderSessionsService } from './modules/sessions/changes/older-sessions.service.js';
import { LostSessionsService } from './modules/sessions/lifecycle/lost-sessions.service.js';
import { databaseName } from './platform/database/connection/database-url.js';
import type { Engine } from './platform/database/engines/engine.js';
import { ReplicaMonitor } from './platform/database/replicas/replica-monitor.js';
import { SchemaStatus } from './platform/database/schema/schema-status.js';
import { requireCurrentSchema } from './platform/database/schema/schema-version.js';
import { DATA_SOURCE, ENGINE } from './platform/database/tokens.js';
import { listen } from './platform/http/server/listen.js';
import { MetricsServer } from './platform/observability/metrics/metrics-server.js';
import { shutdownLimitMs } from './platform/http/server/shutdown-limit.js';
import { reloadTls, usesTls } from './platform/http/server/http-server.js';

/** Starts the server as a service: SIGHUP reloads the certificate, and never ends the process. */
export async function serve(config: AppConfig): Promise<void> {
  await startServer(config, (app) => process.on('SIGHUP', () => reloadCertificate(app, config)));
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => endWithin(shutdownLimitMs(config)));
}

/**
 * Starts the server.
 *
 * @param beforeListening prepares what must be in place once the log says that the server listens
 * @throws ConfigError, SchemaError, ListenError, or the error of the database; nothing is left open then
 */
export async function startServer(config: AppConfig, beforeListening: (app: App) => void = () => {}): Promise<App> {
  const app = await createApp(config);
  try {
    const { current } = await requireCurrentSchema(app.get<DataSource>(DATA_SOURCE));
    await app.get(KeyCache).preload();
    await app.get(LostSessionsService).start();
    app.get(ReplicaMonitor).start();
    app.get(ChangeSequencerService).start();
    app.get(OlderSessionsService).start();
    app.get(CheckpointsService).start();
    await app.get(MetricsServer).start();
    app.get(SchemaStatus).watch((error) => void stopOnNewerSchema(app, error));
    beforeListening(app);
    const address = await listen(app, config);
    logStart(app, config, { address, schema: current });
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

/** A database that does not answer must not keep the process from its end. */
function endWithin(ms: number): void {
  const end = () => {
    new Logger('Server').error(`the process did not stop within ${ms / 1000} s and is ended`);
    process.exit(1);
  };
  setTimeout(end, ms).unref();
}

/** This build would write sessions without what the newer schema needs of them. A restart is refused with the same message. */
async function stopOnNewerSchema(app: App, error: Error): Promise<void> {
  process.exitCode = 1;
  new Logger('Server').error(`${error.message} This process stops.`);
  await app.close();
  // The channel to the primary would keep a worker alive.
  if (cluster.isWorker) process.exit();
}

function logStart(app: App, config: AppConfig, { address, schema }: { address: string; schema: string | null }): void {
  const logger = new Logger('Server');
  for (const warning of environmentWarnings()) logger.warn(warning);
  const { family, version } = app.get<Engine>(ENGINE);
  const database = `${family} ${version} at ${databaseName(config.DATABASE_URL)}`;
  logger.log(`session-audit ${VERSION} listens on ${address}; database ${database}; schema ${schema}`);
}

/** A certificate that cannot be read is logged, and the present one stays in use. */
function reloadCertificate(app: App, config: AppConfig): void {
  const logger = new Logger('Tls');
  if (!usesTls(config)) return logger.log('SIGHUP: nothing to reload, as no TLS certificate is configured');
  try {
    reloadTls(app.getHttpServer(), config);
    logger.log('certificate read again');
  } catch (error) {
    logger.error(`certificate not read again: ${(error as Error).message}`);
  }
}
