import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollUntil, runSql } from '../support/audit.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { freePort } from '../support/private-server.mjs';
import { type RunningProxy, proxies } from '../support/proxies.js';
import { selfSigned } from '../support/self-signed.js';
import { type ServerProcess, keyFor, seedSessions, startServerProcess } from '../support/server-process.js';

/** Sessions with long names are 1.9 KB in NDJSON: 104 MB, or 1 GB with `npm run test:proxy`. */
const ROWS = Number(process.env.PROXY_ROWS ?? 55_000);
const MB_OF_ROW = 0.0019;
const PAUSE_MS = 1000;
/** More than two batches. */
const UPLOADED = 2500;

const certificate = selfSigned('127.0.0.1');

/** The proxies run before two processes on one database, as in production. */
describe.each(proxies())('two processes behind $name', ({ name, program, start }) => {
  const directory = mkdtempSync(join(tmpdir(), `${name}-`));
  const temporaryFiles: string[] = [];
  let database: FreshDatabase;
  let servers: { process: ServerProcess; metricsUrl: string }[];
  let proxy: RunningProxy;
  let key: string;
  const test = program === undefined ? it.skip : it;

  beforeAll(async () => {
    if (program === undefined) return;
    database = await freshDatabase(engines.find(({ url }) => url !== undefined)!);
    await seedSessions(database.url, ROWS);
    // Four bytes for each character, in the longest names.
    await runSql(database.url, `UPDATE clients SET name = REPEAT('😀', 255), guid = REPEAT('g', 64)`);
    await runSql(database.url, `UPDATE users SET name = REPEAT('😀', 128), domain = REPEAT('d', 128)`);
    key = await keyFor(database.url, { scopes: ['sessions:read', 'ingest:write'] });
    servers = await Promise.all([0, 1].map(startServer));
    proxy = await startProxy();
  }, 120_000);
  afterAll(async () => {
    await proxy?.stop();
    for (const { process } of servers ?? []) await process.stop();
    await database?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function startServer() {
    const listen = `127.0.0.1:${await freePort()}`;
    const settings = { METRICS_LISTEN: listen, REQUEST_LOG: 'on', TRUSTED_PROXIES: '127.0.0.1' };
    return { process: await startServerProcess(database.url, settings), metricsUrl: `http://${listen}/metrics` };
  }

  async function startProxy(): Promise<RunningProxy> {
    const backends = servers.map(({ process }) => Number(new URL(process.url).port)) as [number, number];
    const running = await start({ directory, port: await freePort(), certificate, backends });
    if (name === 'nginx')
      for (const folder of readdirSync(directory).filter((entry) => !entry.includes('.') && entry !== 'pid'))
        watch(join(directory, folder), { persistent: false }, (_event, file) =>
          temporaryFiles.push(`${folder}/${file}`),
        );
    return running;
  }

  interface Options {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly localAddress?: string;
  }

  function send(path: string, { method = 'GET', headers = {}, localAddress }: Options = {}): ClientRequest {
    const all = { ApiKey: key, ...headers };
    return request(`${proxy.url}${path}`, { method, headers: all, ca: certificate.cert, agent: false, localAddress });
  }

  async function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return answer;
  }

  async function statusOf(path: string, options?: Options): Promise<number> {
    const answer = await answerOf(send(path, options).end());
    for await (const _ of answer) continue;
    return answer.statusCode!;
  }

  const ALL = '/api/v1/sessions';
  const asLines = { headers: { Accept: 'application/x-ndjson' } };

  test('answer over TLS, and learn the address and the scheme of the caller', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.9', 'X-Request-Id': 'address' };
    const answer = await answerOf(send('/health/ready', { headers, localAddress: '127.0.0.2' }).end());
    answer.resume();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=/);
    const logged = () => servers.map(({ process }) => process.output()).join('');
    await pollUntil(
      async () => logged(),
      (log) => log.includes('"requestId":"address"'),
    );
    expect(logged()).toContain('"address":"127.0.0.2"');
    expect(logged()).not.toContain('203.0.113.9');
  });

  test('stream a long answer through the memory of the proxy only', async () => {
    await statusOf(`${ALL}?from=2021-01-01&to=2021-01-03`, asLines);
    const before = proxy.peakMiB();
    const started = performance.now();
    const answer = await answerOf(send(ALL, asLines).end());
    let firstByteMs = 0;
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (firstByteMs > 0) return;
      firstByteMs = performance.now() - started;
      // A reader that is slow for a moment: a proxy that buffers would take the rest meanwhile.
      answer.pause();
      setTimeout(() => answer.resume(), PAUSE_MS);
    });
    const lines = await linesOf(answer);
    const seconds = (performance.now() - started - PAUSE_MS) / 1000;
    const grown = proxy.peakMiB() - before;
    process.stderr.write(
      `${name}: ${Math.round(bytes / 1e6)} MB in ${seconds.toFixed(1)} s, first byte after ${Math.round(firstByteMs)} ms, ` +
        `memory ${before.toFixed(1)} MiB and ${grown.toFixed(1)} MiB more\n`,
    );
    expect(lines).toBe(ROWS);
    expect(bytes / 1e6).toBeGreaterThan(ROWS * MB_OF_ROW * 0.95);
    expect(firstByteMs).toBeLessThan(2000);
    expect(grown).toBeLessThan(16);
    expect(temporaryFiles).toEqual([]);
    expect(proxy.log()).not.toMatch(/temporary file/);
  });

  test('receive an upload while it is sent', async () => {
    const records = Array.from({ length: UPLOADED }, (_, n) => ({
      ...{ externalId: `upload-${n}`, clientGuid: 'uploaded', clientName: 'uploaded', userName: 'u' },
      ...{ loginDate: '2020-01-01T10:00Z', logoutDate: '2020-01-01T11:00Z' },
    }));
    const sent = send('/api/v1/ingest/sessions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
    const answered = answerOf(sent);
    sent.write(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const count = async () => {
      const rows = await runSql(database.url, `SELECT COUNT(*) AS n FROM sessions WHERE external_id LIKE 'upload-%'`);
      return Number((rows as { n: unknown }[])[0]!.n);
    };
    expect(await pollUntil(count, (n) => n >= 1000)).toBeGreaterThanOrEqual(1000);
    sent.end();
    const answer = await answered;
    answer.resume();
    expect(answer.statusCode).toBe(200);
    expect(temporaryFiles).toEqual([]);
  });

  test('keep answering when one of them is killed: its download breaks, that of the other one ends', async () => {
    const first = await answerOf(send(ALL, asLines).end());
    const broken = once(first, 'error').then(([error]) => (error as NodeJS.ErrnoException).code);
    const running = await Promise.all(servers.map(({ metricsUrl }) => listsInProgress(metricsUrl)));
    expect([...running].sort()).toEqual([0, 1]);
    const second = await answerOf(send(ALL, asLines).end());
    expect(await Promise.all(servers.map(({ metricsUrl }) => listsInProgress(metricsUrl)))).toEqual([1, 1]);

    await servers[running.indexOf(1)]!.process.stop();
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) statuses.push(await statusOf('/ekranapi/sessions?end=2021-01-01T01:00'));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await linesOf(second)).toBe(ROWS + UPLOADED);
    first.resume();
    // The answer never looks complete.
    expect(await broken).toBe('ECONNRESET');
    expect(first.complete).toBe(false);
  });
});

async function listsInProgress(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  return Number(/requests_in_progress{action="sessions.list"} (\d+)/.exec(text)?.[1] ?? 0);
}

async function linesOf(answer: IncomingMessage): Promise<number> {
  let lines = 0;
  answer.on('data', (chunk: Buffer) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  });
  await once(answer, 'end');
  return lines;
}
