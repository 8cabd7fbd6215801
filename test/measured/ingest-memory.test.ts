import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Application } from '../../bench/support/application.js';
import { type FreshDatabase, freshDatabase } from '../support/engines.js';
import { HOSTILE_BODIES } from '../support/hostile-bodies.js';

const HEAP_MIB = 96;
const MAX_RESIDENT_MIB = 300;
const MAX_WAIT_MS = 2000;
/** Copies of each body that are sent at the same time. */
const SENDERS = 3;

describe('ingestion of small gzip bodies with a heap of 96 MiB', () => {
  let database: FreshDatabase;
  let app: Application;
  let key: string;

  beforeAll(async () => {
    database = await freshDatabase({ name: 'sqlite' });
    app = await Application.on(database.url);
    await app.cli('migrate');
    key = await app.cli('keys', 'create', '--name', 't', '--scope', 'ingest:write');
    await app.start(`--max-old-space-size=${HEAP_MIB}`);
  });
  afterAll(async () => {
    await app?.kill();
    await database?.drop();
  });

  it.each(HOSTILE_BODIES)('refuses or rejects $name and keeps serving other callers', async (hostile) => {
    const { type, answer: expected } = hostile;
    const body = gzipSync(hostile.text());
    const headers = { ApiKey: key, 'Content-Type': type, 'Content-Encoding': 'gzip' };
    const url = `${app.url}/api/v1/ingest/sessions`;
    let isSending = true;
    const waits = measureWaits(app.url, () => isSending);
    const answers = await Promise.all(
      Array.from({ length: SENDERS }, () =>
        fetch(url, { method: 'POST', headers, body }).then((answer) => answer.text()),
      ),
    );
    isSending = false;
    for (const answer of answers) expect(answer).toMatch(expected);
    expect(await waits).toBeLessThan(MAX_WAIT_MS);
    expect(peakResidentMiB(app.pid)).toBeLessThan(MAX_RESIDENT_MIB);
  });
});

/** Calls the server one request after another. @returns the longest time in milliseconds until an answer */
async function measureWaits(url: string, isSending: () => boolean): Promise<number> {
  let longest = 0;
  while (isSending()) {
    const start = performance.now();
    await (await fetch(`${url}/health`)).arrayBuffer();
    longest = Math.max(longest, performance.now() - start);
  }
  return longest;
}

function peakResidentMiB(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}
