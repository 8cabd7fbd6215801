import { createApp } from '../../src/app.setup.js';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { COMMAND_LINE } from '../../src/modules/access/keys/actor.js';
import { KeysService } from '../../src/modules/access/keys/keys.service.js';
import { ChangeSequencerService } from '../../src/modules/changes/log/change-sequencer.service.js';
import { ReplicaMonitor } from '../../src/platform/database/replicas/replica-monitor.js';
import { runSql } from './audit.js';
import { ingest } from './http.js';

const DATABASE = 'replicated';
export const WINDOW = '/ekranapi/sessions?start=2021-01-01&end=2021-01-02';

export interface DatedAnswer {
  readonly status: number;
  /** `Data-As-Of`; null when the writer answered. */
  readonly asOf: string | null;
  readonly tag: string | null;
  readonly body: string;
}

export interface ReadingApp {
  readonly databaseUrl: string;
  get(path: string, headers?: Record<string, string>): Promise<DatedAnswer>;
  /** Sends one session inside WINDOW. @returns how many were sent */
  send(): Promise<number>;
  close(): Promise<void>;
}

/**
 * An application that reads from replicas, on a new database of a server.
 *
 * @param writer and replicas: `mysql://user:password@host:port/`
 */
export async function startReadingApp(
  writer: string,
  replicas: readonly string[],
  maxLagMs: number,
): Promise<ReadingApp> {
  await runSql(`${writer}mysql`, `CREATE DATABASE ${DATABASE}`);
  const databaseUrl = `${writer}${DATABASE}`;
  const config = Object.assign(new AppConfig(), {
    ...{ DATABASE_URL: databaseUrl, LOST_AFTER: 'off', LOG_LEVEL: 'error', AUDIT_CHECKPOINTS: 'off', DB_POOL_SIZE: 4 },
    DATABASE_READ_URL: replicas.map((replica) => `${replica}${DATABASE}`).join(','),
    DATABASE_READ_MAX_LAG: maxLagMs,
  });
  await migrate(config);
  const app = await createApp(config);
  app.get(ReplicaMonitor).start();
  app.get(ChangeSequencerService).start();
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
  const scopes = ['sessions:read', 'activities:read', 'ingest:write'] as const;
  const unlimited = { expiresAt: null, cidrs: null, clientGuids: null };
  const { key } = await app.get(KeysService).create({ name: 'k', scopes: [...scopes], ...unlimited }, COMMAND_LINE);
  let sent = 0;
  return {
    databaseUrl,
    get: async (path, headers = {}) => {
      const answer = await fetch(`${url}${path}`, { headers: { ApiKey: key, ...headers } });
      const [asOf, tag] = ['data-as-of', 'etag'].map((name) => answer.headers.get(name));
      return { status: answer.status, asOf: asOf!, tag: tag!, body: await answer.text() };
    },
    send: async () => {
      const loginDate = new Date(Date.UTC(2021, 0, 1) + 1000 * ++sent).toISOString();
      const names = { externalId: `e${sent}`, clientGuid: 'c', clientName: 'c', userName: 'u' };
      await ingest(url, key, [{ ...names, loginDate, logoutDate: loginDate }]);
      return sent;
    },
    close: () => app.close(),
  };
}

/** Elements of a JSON array. */
export function count({ body }: DatedAnswer): number {
  return (JSON.parse(body) as unknown[]).length;
}
