import { createApp } from '../../src/app.setup.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ChangeSequencerService } from '../../src/modules/changes/log/change-sequencer.service.js';
import { CheckpointsService } from '../../src/modules/checkpoints/checkpoints.service.js';

export interface SigningApp {
  readonly url: string;
  get<T>(type: abstract new (...args: never[]) => T): T;
  /** Idempotent. Signs what is not signed yet. */
  close(): Promise<void>;
}

/** Starts the application in this process on a migrated schema, with checkpoints as in production. */
export async function startSigningApp(databaseUrl: string, settings: Partial<AppConfig>): Promise<SigningApp> {
  const defaults = { DATABASE_URL: databaseUrl, LOST_AFTER: 'off' as const, LOG_LEVEL: 'error', DB_POOL_SIZE: 4 };
  const app = await createApp(Object.assign(new AppConfig(), defaults, settings));
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= app.close());
  try {
    app.get(ChangeSequencerService).start();
    app.get(CheckpointsService).start();
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = app.getHttpServer().address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, get: (type) => app.get(type as never), close };
}
