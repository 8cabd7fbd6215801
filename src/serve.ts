import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type App, createApp } from './app.setup.js';
import type { AppConfig } from './config/app-config.js';
import { requireCurrentSchema } from './platform/database/schema/schema-version.js';
import { DATA_SOURCE } from './platform/database/tokens.js';
import { LostSessionsService } from './modules/sessions/lifecycle/lost-sessions.service.js';
import { reloadTls, usesTls } from './platform/http/server/http-server.js';
import { AuditCheckpointsService } from './modules/audit/checkpoints/audit-checkpoints.service.js';

/** Starts listening. @throws SchemaError when the schema is older or newer than this build */
export async function serve(config: AppConfig): Promise<App> {
  const app = await createApp(config);
  try {
    await requireCurrentSchema(app.get<DataSource>(DATA_SOURCE));
  } catch (error) {
    await app.close();
    throw error;
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
