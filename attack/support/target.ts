import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Application } from '../../bench/support/application.js';
import type { AttackDatabase } from './attack-database.js';
import { type Resources, readResources } from './resources.js';
import { seed } from './seed.js';

/** The slots that an attack must not keep. */
export const SLOTS = 2;
/** Attacks come from 127.0.0.1, so a limit for their address does not affect the bystander. */
const BYSTANDER_ADDRESS = '127.0.0.2';

const SETTINGS = {
  LOST_AFTER: 'off',
  AUDIT_CHECKPOINTS: 'off',
  RATE_LIMIT: 'off',
  AUTH_FAILURE_LIMIT: 'off',
  MAX_DOWNLOADS: String(SLOTS),
  MAX_INGESTS: String(SLOTS),
  // A leak then ends the process, instead of looking like a heap that Node has not returned to the system yet.
  NODE_OPTIONS: '--max-old-space-size=256',
};

export interface Keys {
  readonly admin: string;
  /** `sessions:read`. */
  readonly reader: string;
  /** `sessions:read`, of another caller. */
  readonly bystander: string;
  /** `ingest:write`. */
  readonly writer: string;
  /** `ingest:write`, of another caller. */
  readonly collector: string;
  /** `sessions:read` and `activities:read`. */
  readonly analyst: string;
  /** As `analyst`, limited to two clients. */
  readonly limited: string;
  /** `audit:read`. */
  readonly auditor: string;
  /** May be changed, rotated and revoked. */
  readonly spare: string;
}

export interface Plan {
  readonly scale: number;
  readonly randomSeed: number;
}

/** A server process on a private, seeded database, and what an attack needs to judge it. */
export class Target {
  private constructor(
    private readonly app: Application,
    readonly database: AttackDatabase,
    readonly keys: Keys,
    /** Share of the full number of requests: 1, or less for a short run. */
    readonly scale: number,
    readonly randomSeed: number,
  ) {}

  /** Starts the server. @param settings environment variables */
  static async start(
    database: AttackDatabase,
    keys: Keys,
    settings: Readonly<Record<string, string>>,
    { scale, randomSeed }: Plan,
  ): Promise<Target> {
    const app = await Application.on(database.url, { ...SETTINGS, ...settings });
    await app.start();
    return new Target(app, database, keys, scale, randomSeed);
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
    const path = '/ekranapi/sessions?start=2021-01-02T00:00:00Z&end=2021-01-02T01:00:00Z';
    const status = await getFrom(BYSTANDER_ADDRESS, `${this.url}${path}`, this.keys.bystander);
    if (status !== 200) throw new Error(`the window of the bystander was answered with ${status}`);
    return performance.now() - began;
  }

  stop(): Promise<void> {
    return this.app.kill();
  }
}

/** Migrates the database, creates the keys and stores the sessions of the seed. */
export async function prepareDatabase(database: AttackDatabase): Promise<Keys> {
  const app = await Application.on(database.url, SETTINGS);
  await app.cli('migrate');
  const admin = await app.cli('keys', 'create', '--name', 'admin', '--scope', 'admin');
  await app.start();
  try {
    const key = (name: string, ...scopes: string[]) => createKey(app.url, admin, { name, scopes });
    const reading = ['sessions:read', 'activities:read', 'changes:read'];
    const keys = {
      admin,
      reader: await key('reader', 'sessions:read'),
      bystander: await key('bystander', 'sessions:read'),
      writer: await key('writer', 'ingest:write'),
      collector: await key('collector', 'ingest:write'),
      analyst: await key('analyst', ...reading),
      limited: await createKey(app.url, admin, {
        ...{ name: 'limited', scopes: reading, clientGuids: ['machine-1', 'machine-2'] },
      }),
      auditor: await key('auditor', 'audit:read'),
      spare: await key('spare', 'sessions:read'),
    };
    await seed(app.url, keys.writer);
    return keys;
  } finally {
    await app.kill();
  }
}

async function createKey(url: string, admin: string, fields: object): Promise<string> {
  const headers = { ApiKey: admin, 'Content-Type': 'application/json' };
  const answer = await fetch(`${url}/api/v1/keys`, { method: 'POST', headers, body: JSON.stringify(fields) });
  const body = (await answer.json()) as { key?: string };
  if (body.key === undefined) throw new Error(`no key was created: ${JSON.stringify(body)}`);
  return body.key;
}

/** @returns the status, once the answer was read */
async function getFrom(localAddress: string, url: string, key: string): Promise<number> {
  const req = request(url, { localAddress, agent: false, headers: { ApiKey: key } });
  req.end();
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  await once(res.resume(), 'end');
  return res.statusCode!;
}

/** A name that no other run has used. */
export const uniqueName = (prefix: string) => `${prefix}-${randomBytes(6).toString('hex')}`;
