import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { IngestRecord } from '../src/modules/ingestion/pipeline/ingest-record.js';
import { Application } from './support/application.js';
import { cpuMs } from './support/cpu-time.js';
import { generatedRecord } from './support/generated-records.js';
import { loadData } from './support/load-data.js';
import { median } from './support/median.js';
import { timedGet } from './support/timed-get.js';

/** Records of one request. */
const BATCH = 1000;
const WINDOW = 'start=2024-01-01T02:00:00Z&end=2024-01-01T03:00:00Z';

export interface MeasuredIngestion {
  /** Rows of sessions and activities per second, with LOAD DATA and over HTTP. */
  readonly loadRate: number;
  readonly httpRate: number;
  /** Median milliseconds of a one-hour window before and during ingestion. */
  readonly idleMs: number;
  readonly duringMs: number;
  /** Microseconds of CPU time for each session: of the application, and of the database server. */
  readonly cpuUs: { readonly application: number; readonly database: number };
}

/** What is measured over HTTP. */
export type HttpIngestion = Omit<MeasuredIngestion, 'loadRate'>;

/** Writes the same rows with LOAD DATA and over HTTP, each into a new database of one server, or into a new SQLite file. */
export class IngestionBench {
  private readonly records: readonly IngestRecord[];
  private readonly bodies: readonly Buffer[];
  private readonly rows: number;

  /** @param base address of the server without a database, or `sqlite:` */
  constructor(
    private readonly base: string,
    private readonly plan: { sessions: number; activities: number; senders: number; databasePid: number | null },
  ) {
    const { sessions, activities } = plan;
    this.records = Array.from({ length: sessions }, (_, n) => generatedRecord(n, sessions, activities));
    this.bodies = bodiesOf(this.records);
    this.rows = sessions * (1 + activities);
  }

  async run(): Promise<MeasuredIngestion> {
    const load = await this.onFreshDatabase((app) => loadData(app.env['DATABASE_URL']!, this.records));
    return { loadRate: this.rows / load, ...(await this.runOverHttp()) };
  }

  /** @param directory the checkout whose build is measured */
  async runOverHttp(directory = '.'): Promise<HttpIngestion> {
    const { seconds, ...measured } = await this.onFreshDatabase((app) => this.overHttp(app), directory);
    return { httpRate: this.rows / seconds, ...measured };
  }

  /** Sends all records to a server that is running. */
  async flood(app: Application, key: string): Promise<void> {
    await this.sendAll(app, key, this.bodies.values());
  }

  private async sendAll(app: Application, key: string, queue: IterableIterator<Buffer>): Promise<void> {
    const sender = async () => {
      for (const body of queue) await send(app, key, body);
    };
    await Promise.all(Array.from({ length: this.plan.senders }, sender));
  }

  private async onFreshDatabase<T>(work: (app: Application) => Promise<T>, directory = '.'): Promise<T> {
    const database = await freshDatabase(this.base);
    try {
      const app = await Application.on(database.url, {}, directory);
      await app.cli('migrate');
      try {
        return await work(app);
      } finally {
        await app.kill();
      }
    } finally {
      await database.remove();
    }
  }

  private async overHttp(app: Application): Promise<Omit<HttpIngestion, 'httpRate'> & { seconds: number }> {
    const scopes = ['--scope', 'ingest:write', '--scope', 'sessions:read'];
    const key = await app.cli('keys', 'create', '--name', 'bench', ...scopes);
    await app.start();
    const window = async () => (await timedGet(`${app.url}/ekranapi/sessions?${WINDOW}`, key)).ms;
    const [first, ...rest] = this.bodies;
    // One request to warm up code and connections. Its time and its rows are not counted.
    await send(app, key, first!);
    const idle: number[] = [];
    for (let i = 0; i < 50; i++) idle.push(await window());
    const during: number[] = [];
    const queue = rest.values();
    let sending = true;
    const started = performance.now();
    const cpuBefore = this.cpu(app);
    const reader = (async () => {
      while (sending) {
        during.push(await window());
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    await this.sendAll(app, key, queue);
    const seconds = ((performance.now() - started) / 1000) * (this.bodies.length / rest.length);
    const cpuAfter = this.cpu(app);
    sending = false;
    await reader;
    const perSession = (ms: number) => (1000 * ms) / (rest.length * BATCH);
    const cpuUs = {
      application: perSession(cpuAfter.application - cpuBefore.application),
      database: perSession(cpuAfter.database - cpuBefore.database),
    };
    return { seconds, idleMs: median(idle), duringMs: median(during), cpuUs };
  }

  private cpu({ pid }: Application): { application: number; database: number } {
    const { databasePid } = this.plan;
    return { application: cpuMs(pid), database: databasePid === null ? 0 : cpuMs(databasePid) };
  }
}

async function freshDatabase(base: string): Promise<{ url: string; remove(): Promise<void> }> {
  if (base === 'sqlite:') {
    const directory = mkdtempSync(join(tmpdir(), 'bench-sqlite-'));
    return { url: `sqlite:${join(directory, 'bench.db')}`, remove: async () => rmSync(directory, { recursive: true }) };
  }
  const connection = await createConnection(base);
  await connection.query('CREATE DATABASE bench');
  return {
    url: new URL('bench', base).href,
    remove: async () => {
      await connection.query('DROP DATABASE bench');
      await connection.end();
    },
  };
}

function bodiesOf(all: readonly IngestRecord[]): Buffer[] {
  const made: Buffer[] = [];
  for (let from = 0; from < all.length; from += BATCH) {
    const lines = all.slice(from, from + BATCH).map((record) => JSON.stringify(record));
    made.push(Buffer.from(lines.join('\n')));
  }
  return made;
}

async function send(app: Application, key: string, body: Buffer): Promise<void> {
  const headers = { ApiKey: key, 'Content-Type': 'application/x-ndjson' };
  for (;;) {
    const answer = await fetch(`${app.url}/api/v1/ingest/sessions`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    const text = await answer.text();
    if (answer.status === 200) {
      if ((JSON.parse(text) as { rejected: number }).rejected > 0) throw new Error(`rejected: ${text.slice(0, 500)}`);
      return;
    }
    if (answer.status !== 503) throw new Error(`${answer.status} ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
