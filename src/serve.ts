import type { DataSource } from 'typeorm';
import { type App, createApp } from './app.setup.js';
import type { AppConfig } from './config/app-config.js';
import { pendingMigrations } from './database/schema-version.js';
import { DATA_SOURCE } from './database/tokens.js';
import { AuditCheckpointsService } from './modules/audit/audit-checkpoints.service.js';

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
  try {
    app.get(AuditCheckpointsService).start();
  } catch (error) {
    await app.close();
    throw error;
  }
  await app.listen(config.PORT, config.HOST);
  return app;
}
