import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { runSql } from '../support/audit.js';
import { engines, freshDatabase, type FreshDatabase } from '../support/engines.js';
import { startPrivateServer, stopPrivateServer } from '../support/private-server.mjs';
import { type ServerProcess, keyFor, seedSessions, startServerProcess } from '../support/server-process.js';

const COUNT = 300_000;
/** A session begins each minute from 2021-01-01 on. */
const PART_END = '2021-02-15';
const PART_COUNT = 45 * 1440;

function download(
  url: string,
  key: string,
  headers: Record<string, string> = {},
  query = '',
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${url}/ekranapi/sessions${query}`, { headers: { ApiKey: key, ...headers }, agent: false }, resolve).on(
      'error',
      reject,
    );
  });
}

describe.each(engines)('300,000 sessions through the endpoint on $name', (engine) => {
  let database: FreshDatabase;
  let server: ServerProcess;
  let key: string;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await seedSessions(database.url, COUNT);
    await runSql(
      database.url,
      `INSERT INTO activities (session_id, at, digest, title)
       SELECT 1, login_at, 'digest00', '${'A window '.repeat(20)}' FROM sessions WHERE login_at < '${PART_END}'`,
    );
    key = await keyFor(database.url, { scopes: ['sessions:read', 'activities:read'] });
    // One slot and no spare connection, so a leaked one is detected immediately.
    server = await startServerProcess(database.url, {
      MAX_DOWNLOADS: '1',
      DB_POOL_SIZE: '1',
      NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=4',
    });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  it('returns every session once, in order, in constant memory', async () => {
    // Read a third first; the heap then has the size that a stream needs.
    for await (const _ of await download(server.url, key, {}, '?end=2021-03-11')) continue;
    const before = server.residentMiB();
    let peak = 0;
    let tail = '';
    let last = 0;
    let rows = 0;
    for await (const chunk of await download(server.url, key)) {
      const text = tail + String(chunk);
      const whole = text.lastIndexOf('}') + 1;
      for (const [, id] of text.slice(0, whole).matchAll(/"sessionId":(\d+)/g)) {
        if (Number(id) <= last) throw new Error(`session ${id} after ${last}`);
        last = Number(id);
        rows++;
      }
      tail = text.slice(whole);
      peak = Math.max(peak, server.residentMiB());
    }
    expect([rows, tail]).toEqual([COUNT, ']']);
    // The remaining two thirds are 30 MB of text, and several times that as objects.
    expect(peak - before).toBeLessThan(80);
  });

  it.each([
    ['sessions', 'text/csv', `to=${PART_END}`, PART_COUNT + 1],
    ['sessions', 'application/x-ndjson', `to=${PART_END}&order=desc`, PART_COUNT],
    ['concurrency', 'application/x-ndjson', `from=2021-01-01&to=${PART_END}&step=1m`, PART_COUNT],
    ['sessions/1/activities', 'text/csv', `to=${PART_END}`, PART_COUNT + 1],
  ])('sends the list of %s as %s in constant memory', async (list, Accept, query, expected) => {
    const headers = { ApiKey: key, Accept };
    const address = `${server.url}/api/v1/${list}?${query}`;
    for await (const _ of (await fetch(address.replace(PART_END, '2021-01-08'), { headers })).body!) continue;
    const before = server.residentMiB();
    let [peak, lines] = [0, 0];
    for await (const chunk of (await fetch(address, { headers })).body!) {
      lines += Buffer.from(chunk as Uint8Array).reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
      peak = Math.max(peak, server.residentMiB());
    }
    expect(lines).toBe(expected);
    expect(peak - before).toBeLessThan(80);
  });

  it('compresses on request, and sends the same bytes to a reader that pauses', async () => {
    const answer = await download(server.url, key, { 'Accept-Encoding': 'gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    const body = Buffer.concat(await answer.toArray());
    expect(body.length).toBeLessThan(10_000_000);
    const text = gunzipSync(body);
    expect((JSON.parse(text.toString()) as unknown[]).length).toBe(COUNT);
    const chunks: Buffer[] = [];
    for await (const chunk of await download(server.url, key)) {
      chunks.push(chunk as Buffer);
      if (chunks.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // Buffers are reused after they were sent; a buffer that is reused too early would change the bytes.
    expect(Buffer.concat(chunks).equals(text)).toBe(true);
  });

  it('refuses a second long answer while one is read slowly, answers short ones, and frees the slot within a second of a disconnect', async () => {
    const slow = await download(server.url, key);
    slow.once('error', () => undefined);
    await new Promise((resolve) => slow.once('readable', resolve));
    const second = await fetch(`${server.url}/ekranapi/sessions`, { headers: { ApiKey: key } });
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '5']);
    const short = await fetch(`${server.url}/ekranapi/sessions?start=2021-01-01&end=2021-01-02`, {
      headers: { ApiKey: key },
    });
    expect(((await short.json()) as unknown[]).length).toBe(1440);
    slow.destroy();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const third = await download(server.url, key);
    expect(third.statusCode).toBe(200);
    third.destroy();
  });
});

describe('a database that is killed during a download', () => {
  afterAll(() => stopPrivateServer());

  it('breaks the transfer and never sends a part that parses', async () => {
    const url = new URL('mysql', await startPrivateServer()).href.replace(/mysql$/, 'audit');
    const { createConnection } = await import('mysql2/promise');
    const admin = await createConnection(url.replace(/audit$/, ''));
    await admin.query('CREATE DATABASE audit');
    await admin.end();
    await seedSessions(url, COUNT);
    const key = await keyFor(url);
    const server = await startServerProcess(url);
    try {
      const answer = await download(server.url, key);
      expect(answer.statusCode).toBe(200);
      const chunks: Buffer[] = [];
      const end = new Promise<string>((resolve) => {
        answer.once('end', () => resolve('complete'));
        answer.once('error', () => resolve('broken'));
      });
      // The first megabyte fills the socket buffers; the rest is still in the database when it is killed.
      answer.on('data', (chunk: Buffer) => {
        if (chunks.push(chunk) === 1) {
          answer.pause();
          void stopPrivateServer().then(() => answer.resume());
        }
      });
      expect(await end).toBe('broken');
      expect(() => JSON.parse(Buffer.concat(chunks).toString())).toThrow();
      const after = await fetch(`${server.url}/ekranapi/sessions?start=2021-01-01&end=2021-01-02`, {
        headers: { ApiKey: key },
      });
      expect([after.status, after.headers.get('content-type')]).toEqual([
        503,
        'application/problem+json; charset=utf-8',
      ]);
    } finally {
      await server.stop();
    }
  }, 120_000);
});
