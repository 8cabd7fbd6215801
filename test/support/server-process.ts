import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { AppConfig } from '../../src/config/app-config.js';
import { migrate, withApp } from '../../src/cli/context.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { COMMAND_LINE } from '../../src/modules/access/keys/actor.js';
import { KeysService } from '../../src/modules/access/keys/keys.service.js';
import type { KeyFields } from '../../src/modules/access/keys/stored-key.js';
import { freePort } from './private-server.mjs';

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Standard output and standard error so far. */
  output(): string;
  /** Current resident memory in MiB. */
  residentMiB(): number;
  stop(): Promise<void>;
}

/** Starts the compiled application in its own process, as in production, on a migrated schema. */
export async function startServerProcess(
  databaseUrl: string,
  env: Record<string, string> = {},
  answers = (url: string) => fetch(`${url}/health`).then((answer) => answer.ok),
): Promise<ServerProcess> {
  const port = Number(env['PORT'] ?? (await freePort()));
  const settings = {
    ...{ DATABASE_URL: databaseUrl, PORT: String(port), LOG_LEVEL: 'error', LOST_AFTER: 'off' },
    AUDIT_CHECKPOINTS: 'off',
    ...env,
  };
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  const isUp = () => answers(url).catch(() => false);
  for (let tries = 0; !(await isUp()); tries++) {
    if (tries > 200 || child.exitCode !== null) {
      child.kill('SIGKILL'); // a remaining child would keep jest from exiting
      throw new Error(`the server process did not start: ${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    child,
    output: () => output,
    residentMiB: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        if (!child.kill('SIGKILL')) resolve();
      }),
  };
}

/** Migrates and inserts `count` sessions with SQL: one login per minute, each session an hour long. */
export async function seedSessions(databaseUrl: string, count: number): Promise<void> {
  await migrate(Object.assign(new AppConfig(), { DATABASE_URL: databaseUrl }));
  const { dataSource, engine } = await openDataSource(databaseUrl, 2);
  try {
    await dataSource.query(
      `INSERT INTO clients (guid, name, name_at) VALUES ('seed-machine', 'seed', '2021-01-01 00:00:00.000')`,
    );
    await dataSource.query(`INSERT INTO users (domain, name) VALUES ('', 'seed')`);
    const instant = (minutes: string) =>
      engine.family === 'sqlite'
        ? `strftime('%Y-%m-%d %H:%M:%f', '2021-01-01 00:00:00', '+' || (${minutes}) || ' minutes')`
        : `DATE_ADD('2021-01-01 00:00:00.000', INTERVAL ${minutes} MINUTE)`;
    const digits =
      'SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9';
    const tables = 'abcdef'.split('').map((t) => `(${digits}) ${t}`);
    const n = 'a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 100000 * f.d';
    const external = engine.family === 'sqlite' ? "'s' || n" : "CONCAT('s', n)";
    await dataSource.query(`INSERT INTO sessions (client_id, user_id, external_id, login_at, logout_at, last_seen_at, ended_at)
      SELECT 1, 1, ${external}, ${instant('n')}, ${instant('n + 60')}, ${instant('n + 60')}, ${instant('n + 60')}
      FROM (SELECT ${n} AS n FROM ${tables.join(', ')}) numbers WHERE n < ${count} ORDER BY n`);
    // So that a server does not add them to the change log while a test measures something else.
    await dataSource.query(`INSERT INTO settings (name, value) VALUES ('change-log-position', '${count}')`);
  } finally {
    await dataSource.destroy();
  }
}

/** Inserts one activity in the middle of each session of `seedSessions`. */
export async function seedActivities(databaseUrl: string): Promise<void> {
  const { dataSource, engine } = await openDataSource(databaseUrl, 2);
  try {
    const middle =
      engine.family === 'sqlite'
        ? "strftime('%Y-%m-%d %H:%M:%f', login_at, '+30 minutes')"
        : 'DATE_ADD(login_at, INTERVAL 30 MINUTE)';
    await dataSource.query(
      `INSERT INTO activities (session_id, at, digest) SELECT id, ${middle}, 'digest00' FROM sessions`,
    );
  } finally {
    await dataSource.destroy();
  }
}

/** Creates a key in this database. @returns the key itself */
export async function keyFor(databaseUrl: string, fields: Partial<KeyFields> = {}): Promise<string> {
  const config = Object.assign(new AppConfig(), { DATABASE_URL: databaseUrl });
  const unlimited = { expiresAt: null, cidrs: null, clientGuids: null };
  const all = { name: 'test', scopes: ['sessions:read'] as const, ...unlimited, ...fields };
  return withApp(async (app) => (await app.get(KeysService).create(all, COMMAND_LINE)).key, config);
}
