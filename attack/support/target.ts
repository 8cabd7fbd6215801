import { randomBytes } from 'node:crypto';
import { Application } from '../../bench/support/application.js';
import type { AttackDatabase } from './attack-database.js';
import { type Resources, readResources } from './resources.js';

/** The slots that an attack must not keep. */
export const SLOTS = 2;

const SETTINGS = {
  LOST_AFTER: 'off',
  AUDIT_CHECKPOINTS: 'off',
  RATE_LIMIT: 'off',
  AUTH_FAILURE_LIMIT: 'off',
  MAX_DOWNLOADS: String(SLOTS),
  MAX_INGESTS: String(SLOTS),
};

export interface Keys {
  readonly admin: string;
  /** `sessions:read`. */
  readonly reader: string;
  /** `sessions:read`, of another caller. */
  readonly bystander: string;
  /** `ingest:write`. */
  readonly writer: string;
}

/** A server process on a private, seeded database, and what an attack needs to judge it. */
export class Target {
  private constructor(
    private readonly app: Application,
    readonly database: AttackDatabase,
    readonly keys: Keys,
    /** Share of the full number of requests: 1, or less for a short run. */
    readonly scale: number,
    readonly seed: number,
  ) {}

  /** Starts the server. @param settings environment variables */
  static async start(
    database: AttackDatabase,
    keys: Keys,
    settings: Readonly<Record<string, string>>,
    { scale, seed }: { readonly scale: number; readonly seed: number },
  ): Promise<Target> {
    const app = await Application.on(database.url, { ...SETTINGS, ...settings });
    await app.start();
    return new Target(app, database, keys, scale, seed);
  }

  get url(): string {
    return this.app.url;
  }

  get pid(): number {
    return this.app.pid;
  }

  get running(): boolean {
    return this.app.running;
  }

  /** A share of `full`, at least 1. */
  count(full: number): number {
    return Math.max(1, Math.round(full * this.scale));
  }

  resources(): Promise<Resources> {
    return readResources(this.pid, this.database);
  }

  /** Milliseconds of one window of a caller that does nothing wrong. @throws Error unless it is answered with 200 */
  async bystanderWindow(): Promise<number> {
    const began = performance.now();
    const headers = { ApiKey: this.keys.bystander, Connection: 'close' };
    const query = 'start=2021-01-01T00:00:00Z&end=2021-01-01T01:00:00Z';
    const answer = await fetch(`${this.url}/ekranapi/sessions?${query}`, { headers });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`the window of the bystander was answered with ${answer.status}`);
    return performance.now() - began;
  }

  stop(): Promise<void> {
    return this.app.kill();
  }
}

/** Migrates the database and creates the keys. */
export async function prepareKeys(database: AttackDatabase): Promise<Keys> {
  const app = await Application.on(database.url, SETTINGS);
  await app.cli('migrate');
  const key = (name: string, scope: string) => app.cli('keys', 'create', '--name', name, '--scope', scope);
  return {
    admin: await key('admin', 'admin'),
    reader: await key('reader', 'sessions:read'),
    bystander: await key('bystander', 'sessions:read'),
    writer: await key('writer', 'ingest:write'),
  };
}

/** A name that no other run has used. */
export const uniqueName = (prefix: string) => `${prefix}-${randomBytes(6).toString('hex')}`;
