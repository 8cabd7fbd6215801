// npm run bench:ingest [-- --sessions 100000 --activities 5 --senders 4 --runs 3]
// Rows a second of ingestion over HTTP beside LOAD DATA into the same tables, on a private server with durable settings;
// and how long a short window takes meanwhile.
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import type { IngestRecord } from '../src/modules/ingest/ingest-record.js';
import { DurableServer } from '../test/support/durable-server.mjs';
import { Application } from './support/application.js';
import { generatedRecord } from './support/generated-records.js';
import { loadData } from './support/load-data.js';
import { median } from './support/median.js';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '100000' },
    activities: { type: 'string', default: '5' },
    senders: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
  },
});
const [sessions, activities, senders, runs] = [
  Number(values.sessions),
  Number(values.activities),
  Number(values.senders),
  Number(values.runs),
];
const BATCH = 1000;

interface Measured {
  readonly seconds: number;
  /** Milliseconds of a one-hour window, each. */
  readonly windows: number[];
}

const records = Array.from({ length: sessions }, (_, n) => generatedRecord(n, sessions, activities));
const bodies = bodiesOf(records);
const server = new DurableServer();
try {
  const base = await server.create();
  const rows = sessions * (1 + activities);
  const table: Record<string, unknown>[] = [];
  for (let run = 1; run <= runs; run++) {
    const load = await onFreshDatabase(base, (app) => loadData(app.env['DATABASE_URL']!, records));
    const http = await onFreshDatabase(base, overHttp);
    const rate = (seconds: number) => Math.round(rows / seconds);
    table.push({
      run,
      'LOAD DATA rows/s': rate(load),
      'HTTP rows/s': rate(http.seconds),
      ratio: (load / http.seconds).toFixed(2),
      'window idle ms': http.idle.toFixed(1),
      'window during ms': median(http.windows).toFixed(1),
    });
  }
  console.log(
    `${sessions} sessions with ${activities} activities each, ${senders} senders, ${BATCH} records a request`,
  );
  console.table(table);
  console.log(`median ratio ${median(table.map((row) => Number(row['ratio']))).toFixed(2)}`);
} finally {
  await server.remove();
}

function bodiesOf(all: readonly IngestRecord[]): Buffer[] {
  const made: Buffer[] = [];
  for (let from = 0; from < all.length; from += BATCH) {
    const lines = all.slice(from, from + BATCH).map((record) => JSON.stringify(record));
    made.push(Buffer.from(lines.join('\n')));
  }
  return made;
}

async function onFreshDatabase<T>(base: string, work: (app: Application) => Promise<T>): Promise<T> {
  const connection = await createConnection(base);
  try {
    await connection.query('CREATE DATABASE bench');
    const app = await Application.on(new URL('bench', base).href);
    await app.cli('migrate');
    try {
      return await work(app);
    } finally {
      await app.kill();
    }
  } finally {
    await connection.query('DROP DATABASE bench');
    await connection.end();
  }
}

async function overHttp(app: Application): Promise<Measured & { idle: number }> {
  const key = await app.cli('keys', 'create', '--name', 'bench', '--scope', 'ingest:write', '--scope', 'sessions:read');
  await app.start();
  const [first, ...rest] = bodies;
  // One request to warm up what is compiled and connected; it is not counted, nor are its rows.
  await send(app, key, first!);
  const idle: number[] = [];
  for (let i = 0; i < 50; i++) idle.push(await window(app, key));
  const windows: number[] = [];
  const queue = rest.values();
  let sending = true;
  const started = performance.now();
  const reader = (async () => {
    while (sending) {
      windows.push(await window(app, key));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  await Promise.all(
    Array.from({ length: senders }, async () => {
      for (const body of queue) await send(app, key, body);
    }),
  );
  const seconds = ((performance.now() - started) / 1000) * (bodies.length / rest.length);
  sending = false;
  await reader;
  return { seconds, windows, idle: median(idle) };
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

async function window(app: Application, key: string): Promise<number> {
  const started = performance.now();
  const query = 'start=2024-01-01T02:00:00Z&end=2024-01-01T03:00:00Z';
  const answer = await fetch(`${app.url}/ekranapi/sessions?${query}`, { headers: { ApiKey: key } });
  if (answer.status !== 200) throw new Error(`window: ${answer.status}`);
  await answer.arrayBuffer();
  return performance.now() - started;
}
