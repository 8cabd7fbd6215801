import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { COMMAND_LINE } from '../../src/modules/access/keys/actor.js';
import { KeysService } from '../../src/modules/access/keys/keys.service.js';
import { ConsoleLinksService } from '../../src/modules/console/links/console-links.service.js';
import { sampleOrganisation } from '../../src/modules/sample/sample-organisation.js';
import { LostSessionsService } from '../../src/modules/sessions/lifecycle/lost-sessions.service.js';
import type { Scope } from '../../src/platform/http/scopes.js';
import { freshDatabase, type TestEngine } from './engines.js';
import { ingest } from './http.js';
import { startSigningApp } from './signing-app.js';

export interface ConsoleApp {
  readonly url: string;
  readonly databaseUrl: string;
  key(...scopes: Scope[]): Promise<string>;
  /** A one-time link. @returns its token */
  link(keyPrefix: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts the server with the page, checkpoints as in production, and the sample organisation. */
export async function startConsoleApp(
  engine: TestEngine,
  now: number,
  more: readonly object[],
  given: Partial<AppConfig> = {},
): Promise<ConsoleApp> {
  const database = await freshDatabase(engine);
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  const settings: Partial<AppConfig> = {
    ...{ LOST_AFTER: 86_400_000, API_TIME_ZONE: 'Europe/Berlin', AUDIT_CHECKPOINT_INTERVAL: 500 },
    ...{ AUDIT_SIGNING_KEY: join(folder, 'key.pem'), AUDIT_CHECKPOINTS: join(folder, 'checkpoints.ndjson') },
    ...given,
  };
  await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }, settings));
  const app = await startSigningApp(database.url, settings);
  const key = async (...scopes: Scope[]) => {
    const fields = { name: 'analyst', scopes, expiresAt: null, cidrs: null, clientGuids: null };
    return (await app.get(KeysService).create(fields, COMMAND_LINE)).key;
  };
  await ingest(app.url, await key('ingest:write'), [...sampleOrganisation(now), ...more]);
  await app.get(LostSessionsService).mark();
  return {
    ...{ url: app.url, databaseUrl: database.url, key },
    link: (keyPrefix) => app.get(ConsoleLinksService).create(keyPrefix),
    close: async () => {
      await app.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
