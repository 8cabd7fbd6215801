import { Application } from '../support/application.js';
import type { SeededDatabase } from '../support/seeded-database.js';
import type { WindowServer } from '../windows.js';

/** What the aims of one run share. */
export interface AimRun {
  /** Address of the database server, without a database; `sqlite:` for SQLite. */
  readonly base: string;
  /** Process of that server. */
  readonly databasePid: number | null;
  /** In the order of size. */
  readonly databases: readonly SeededDatabase[];
  readonly quick: boolean;
  /** Repetitions of a short request. */
  readonly rounds: number;
}

/** The seeded sessions are old; with LOST_AFTER the server would rewrite them. */
const SETTINGS = { LOST_AFTER: 'off', DOWNLOADS_PER_CALLER: '10', RATE_LIMIT: 'off' };

export function largest({ databases }: AimRun): SeededDatabase {
  return databases.at(-1)!;
}

/** @param keyOptions further options of `keys create` */
export async function application(
  url: string,
  ...keyOptions: readonly string[]
): Promise<{ app: Application; key: string }> {
  const app = await Application.on(url, SETTINGS);
  return { app, key: await app.cli('keys', 'create', '--name', 'bench', '--scope', 'sessions:read', ...keyOptions) };
}

export async function startedApplication(
  { url }: Pick<SeededDatabase, 'url'>,
  ...keyOptions: readonly string[]
): Promise<{ app: Application; windowServer: WindowServer & { key: string } }> {
  const { app, key } = await application(url, ...keyOptions);
  await app.start();
  return { app, windowServer: { url: app.url, key } };
}

export async function repeated<T>(runs: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < runs; run++) results.push(await work());
  return results;
}
