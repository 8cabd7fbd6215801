import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ingest } from '../../test/support/http.js';
import { Application } from '../support/application.js';

const MACHINES = 200;
const USERS = 500;
const BATCH = 1_000;
const DAYS = 30;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface ConsoleServer {
  readonly url: string;
  readonly key: string;
  /** Number of audit records; undefined if only the server knows. */
  auditRecords(): number | undefined;
  close(): Promise<void>;
}

/** A server with an SQLite database of its own: 200 machines and 500 users, the last 30 days. */
export async function privateServer(sessions: number): Promise<ConsoleServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-console-'));
  const path = join(folder, 'sessions.db');
  const app = await Application.on(`sqlite:${path}`, { RATE_LIMIT: 'off', LOST_AFTER: 'off' });
  await app.cli('migrate');
  const keyFor = (...scopes: string[]) =>
    app.cli('keys', 'create', '--name', 'bench', ...scopes.flatMap((scope) => ['--scope', scope]));
  const [key, ingestKey] = [await keyFor('sessions:read'), await keyFor('ingest:write')];
  await app.start();
  const now = Date.now();
  for (let i = 0; i < sessions; i += BATCH) {
    const count = Math.min(BATCH, sessions - i);
    await ingest(
      app.url,
      ingestKey,
      Array.from({ length: count }, (_, j) => session(i + j, sessions, now)),
    );
  }
  const database = new Database(path, { readonly: true });
  return {
    ...{ url: app.url, key },
    auditRecords: () => (database.prepare('SELECT COUNT(*) AS n FROM audit_records').get() as { n: number }).n,
    close: async () => {
      database.close();
      await app.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Logins are spread evenly; sessions last up to eight hours. The last of them are live. */
function session(i: number, all: number, now: number): object {
  const machine = (i * 7_919) % MACHINES;
  const login = now - DAYS * DAY_MS + (i / all) * DAYS * DAY_MS;
  const logout = login + ((i * 613) % 480) * 60_000 + 30_000;
  return {
    ...{ externalId: String(i), clientGuid: `machine-${machine}`, clientName: `Machine ${machine}` },
    ...{ userName: `user${(i * 104_729) % USERS}`, userDomain: 'BENCH', loginDate: new Date(login).toISOString() },
    logoutDate: logout < now - HOUR_MS / 2 ? new Date(logout).toISOString() : null,
  };
}
