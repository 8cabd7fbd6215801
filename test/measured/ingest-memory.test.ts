import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Application } from '../../bench/support/application.js';
import { type FreshDatabase, freshDatabase } from '../support/engines.js';

const MIB = 1024 * 1024;
const HEAP_MIB = 96;
const MAX_RESIDENT_MIB = 300;
const MAX_WAIT_MS = 2000;
/** Copies of each body that are sent at the same time. */
const SENDERS = 4;

const repeated = (text: string, bytes: number) => text.repeat(Math.floor(bytes / text.length));
const nested = (bytes: number) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2);
const JSON_ARRAY = 'application/json';
const NDJSON = 'application/x-ndjson';

/** Name, content type, body, and what the answer says. */
const BODIES: [string, string, string, RegExp][] = [
  [
    'an array of 11 million empty objects',
    JSON_ARRAY,
    `[${repeated('{},', 31.9 * MIB)}{}]`,
    /more than 100000 records/,
  ],
  ['an array that is nested very deeply', JSON_ARRAY, nested(0.9 * MIB), /record 1: is nested more than 8 levels deep/],
  ['an array of 300,000 numbers', JSON_ARRAY, `[${repeated('1,', 0.6 * MIB)}1]`, /more than 100000 records/],
  [
    'a record of a million values',
    JSON_ARRAY,
    `[{"activities":[${repeated('{},', 0.9 * MIB)}{}]}]`,
    /more than 100000 val/,
  ],
  ['lines that are nested very deeply', NDJSON, `${nested(0.25 * MIB)}\n`.repeat(3), /line 3: is nested more than 8/],
  [
    'lines of many values',
    NDJSON,
    `[${repeated('{},', 0.25 * MIB)}{}]\n`.repeat(3),
    /line 3: has more than 100000 values/,
  ],
  [
    '2 million lines that are rejected',
    NDJSON,
    '1\n'.repeat(2_000_000),
    /50000 more records were rejected than accepted/,
  ],
];

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

  it.each(BODIES)('refuses or rejects %s and keeps serving other callers', async (_, type, text, expected) => {
    const body = gzipSync(text);
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
