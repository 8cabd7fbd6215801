import { createApp } from '../../src/app.setup.js';
import { migrate } from '../../src/cli/context.js';
import type { Scope } from '../../src/common/access.js';
import type { Clock } from '../../src/common/clock.js';
import { AppConfig } from '../../src/config/app-config.js';
import { AuthService } from '../../src/modules/auth/auth.service.js';
import { type TestEngine, freshDatabase } from './engines.js';

export interface TestApp {
  /** Address of the listening server, without a slash at its end. */
  readonly url: string;
  readonly config: AppConfig;
  key(...scopes: Scope[]): Promise<string>;
  close(): Promise<void>;
}

/** The real application on a database of its own, listening on a free port. */
export async function startApp(engine: TestEngine, settings: Partial<AppConfig> = {}, clock?: Clock): Promise<TestApp> {
  const database = await freshDatabase(engine);
  const defaults = {
    DATABASE_URL: database.url,
    LOST_AFTER: 'off' as const,
    LOG_LEVEL: 'error',
    DB_POOL_SIZE: 4,
    PORT: 0,
    AUDIT_CHECKPOINTS: 'off',
  };
  const config = Object.assign(new AppConfig(), defaults, settings);
  await migrate(config);
  const app = await createApp(config, clock);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    config,
    key: (...scopes) => app.get(AuthService).create('test', scopes, null),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}
