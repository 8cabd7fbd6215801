import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type App, createApp } from './app.setup.js';
import type { AppConfig } from './config/app-config.js';
import { pendingMigrations } from './platform/database/schema/schema-version.js';
import { DATA_SOURCE } from './platform/database/tokens.js';
import { LostSessionsService } from './modules/sessions/lifecycle/lost-sessions.service.js';
import { reloadTls, usesTls } from './platform/http/server/http-server.js';
import { AuditCheckpointsService } from './modules/audit/checkpoints/audit-checkpoints.service.js';

/** The schema is older than this program; serving on it would answer wrongly. */
export class SchemaError extends Error {}

/** Starts listening; refuses to on a schema that is not up to date. */
export async function serve(config: AppConfig): Promise<App> {
  const app = await createApp(config);
  const pending = await pendingMigrations(app.get<DataSource>(DATA_SOURCE));
  if (pending.length > 0) {
    await app.close();
    throw new SchemaError(
      `The schema of the database lacks ${pending.join(', ')}. Bring it up to date with:\n  npm run cli -- migrate`,
    );
  }
  await app.get(LostSessionsService).start();
  if (usesTls(config)) process.on('SIGHUP', () => reloadCertificate(app, config));
  try {
    app.get(AuditCheckpointsService).start();
  } catch (error) {
    await app.close();
    throw error;
  }
  await app.listen(config.PORT, config.HOST);
  return app;
}

/** A certificate that cannot be read is told of and changes nothing: the process goes on with the one it has. */
function reloadCertificate(app: App, config: AppConfig): void {
  const logger = new Logger('Tls');
  try {
    reloadTls(app.getHttpServer(), config);
    logger.log('certificate read again');
  } catch (error) {
    logger.error(`certificate not read again: ${(error as Error).message}`);
  }
}
