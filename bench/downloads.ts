import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isMariaDb } from '../test/support/private-server.mjs';
import type { Application } from './support/application.js';
import { databaseRows } from './support/database-rows.js';
import { median } from './support/median.js';
import {
  type Pace,
  type ReadAnswer,
  readerOfEverything,
  readersOfEverything,
} from './support/readers-of-everything.js';
import type { SeededDatabase } from './support/seeded-database.js';
import { type WindowServer, measureWindows } from './windows.js';

export interface Download extends ReadAnswer {
  /** Number of elements according to the audit record. */
  readonly rows: number;
  /** Peak resident memory of the server process in bytes. */
  readonly peakBytes: number;
}

/** Downloads the whole database with one reader, from a newly started server process. */
export async function download(app: Application, key: string, pace: Pace = {}): Promise<Download> {
  await app.start();
  try {
    const seen = await readerOfEverything(app, key, pace).result;
    const peak = peakBytes(app.pid);
    return { ...seen, peakBytes: peak, rows: await recordedRows(app) };
  } finally {
    await app.kill();
  }
}

/** Reads the number of rows from the audit; its record appears shortly after the end of the answer. */
async function recordedRows({ env }: Application): Promise<number> {
  for (;;) {
    const sql = 'SELECT row_count AS n FROM audit_records ORDER BY seq DESC LIMIT 1';
    const [last] = await databaseRows(env['DATABASE_URL']!, sql);
    if (last!['n'] !== null) return Number(last!['n']);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Reads the same columns with the database client, unsorted, to a pipe.
 *
 * @param client path of `mariadb`, `mysql` or `sqlite3`
 * @returns seconds
 */
export async function clientSeconds(client: string, { url }: SeededDatabase): Promise<number> {
  const sql = 'SELECT client_id, ended_at, login_at, id, user_id FROM sessions';
  const args = url.startsWith('sqlite:') ? [url.slice('sqlite:'.length), sql] : serverArguments(client, url, sql);
  const started = performance.now();
  const child = spawn(client, args, {
    env: { ...process.env, MYSQL_PWD: url.startsWith('sqlite:') ? '' : new URL(url).password },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  child.stdout.resume();
  const [code] = await exited;
  if (code !== 0) throw new Error(`${client} ended with ${code}`);
  return (performance.now() - started) / 1000;
}

function serverArguments(client: string, url: string, sql: string): string[] {
  const { hostname, port, username, pathname } = new URL(url);
  const plain = isMariaDb(client) ? '--skip-ssl' : '--ssl-mode=DISABLED';
  const access = [`--host=${hostname}`, `--port=${port}`, `--user=${username}`, '--protocol=tcp', plain];
  const output = ['--quick', '--batch', '--skip-column-names', `--execute=${sql}`];
  return ['--no-defaults', ...access, ...output, pathname.slice(1)];
}

/** Measures one-hour windows, alone and during ten downloads at full speed. Medians in milliseconds. */
export async function windowsDuringDownloads(
  app: Application,
  windowServer: WindowServer & { key: string },
  where: { sessions: number; rounds: number },
): Promise<{ alone: number; during: number }> {
  const hours = () => measureWindows([windowServer], { ...where, age: 'middle', length: 'hour' });
  const alone = await hours();
  const readers = readersOfEverything(app, Array<string>(10).fill(windowServer.key));
  try {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const during = await hours();
    return { alone: median(alone.ms), during: median(during.ms) };
  } finally {
    readers.stop();
  }
}

/** Linux only. */
function peakBytes(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kib) * 1024;
}
