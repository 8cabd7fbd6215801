import { createApp } from '../../src/app.setup.js';
import { migrate } from '../../src/cli/context.js';
import type { Scope } from '../../src/platform/http/scopes.js';
import type { Clock } from '../../src/platform/time/clock.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ConsoleLinksService } from '../../src/modules/console/links/console-links.service.js';
import { LostSessionsService } from '../../src/modules/sessions/lifecycle/lost-sessions.service.js';
import { COMMAND_LINE } from '../../src/modules/access/keys/actor.js';
import { KeysService } from '../../src/modules/access/keys/keys.service.js';
import type { KeyFields } from '../../src/modules/access/keys/stored-key.js';
import { type TestEngine, freshDatabase } from './engines.js';

export interface TestApp {
  /** Base address of the server, without a trailing slash. */
  readonly url: string;
  readonly config: AppConfig;
  key(...scopes: Scope[]): Promise<string>;
  /** A one-time link to the console. @returns its token */
  consoleLink(keyPrefix: string): Promise<string>;
  /** Runs the job that stores the estimated ends of lost sessions; a timer runs it in production. */
  markLost(): Promise<number>;
  /** Creates a key with restrictions. @returns the key itself */
  limitedKey(fields: Partial<KeyFields>): Promise<string>;
  close(): Promise<void>;
}

/** Starts the real application on a new database and a free port. */
export async function startApp(engine: TestEngine, settings: Partial<AppConfig> = {}, clock?: Clock): Promise<TestApp> {
  const database = await freshDatabase(engine);
  const app = await startAppOn(database.url, settings, clock);
  return {
    ...app,
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** Starts the application on an existing database, which `close` does not drop. */
export async function startAppOn(
  databaseUrl: string,
  settings: Partial<AppConfig> = {},
  clock?: Clock,
): Promise<TestApp> {
  const defaults = {
    DATABASE_URL: databaseUrl,
    LOST_AFTER: 'off' as const,
    LOG_LEVEL: 'error',
    DB_POOL_SIZE: 4,
    PORT: 0,
    AUDIT_CHECKPOINTS: 'off',
  };
  const config = Object.assign(new AppConfig(), defaults, settings);
  await migrate(config);
  const app = await createApp(config, clock);
  const lost = app.get(LostSessionsService);
  await lost.start();
  await app.listen(0, '127.0.0.1');
  const limitedKey = async (fields: Partial<KeyFields>) => {
    const unlimited = { name: 'test', scopes: [], expiresAt: null, cidrs: null, clientGuids: null };
    return (await app.get(KeysService).create({ ...unlimited, ...fields }, COMMAND_LINE)).key;
  };
  const { port } = app.getHttpServer().address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    config,
    consoleLink: (keyPrefix) => app.get(ConsoleLinksService).create(keyPrefix),
    markLost: () => lost.mark(),
    key: (...scopes) => limitedKey({ scopes }),
    limitedKey,
    close: () => app.close(),
  };
}
