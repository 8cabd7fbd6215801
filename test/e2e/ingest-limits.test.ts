import { type ClientRequest, request } from 'node:http';
import { type TestApp, startApp } from '../support/app.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { Application } from '../../bench/support/application.js';

const NDJSON = { 'Content-Type': 'application/x-ndjson' };
const record = (externalId: string, more: object = {}) =>
  JSON.stringify({
    ...{ externalId, clientGuid: 'g', clientName: 'G', userName: 'ada' },
    ...{ loginDate: '2021-04-01T10:00:00Z', logoutDate: null, ...more },
  });

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** A request whose body the test writes piece by piece. */
function begin(url: string, key: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(url);
  const options = { hostname, port, path: '/api/v1/ingest/sessions', method: 'POST', agent: false };
  const req: ClientRequest = request({ ...options, headers: { ApiKey: key, ...NDJSON, ...headers } });
  const answer = new Promise<Answer>((resolve, reject) => {
    req.on('error', reject);
    req.on('response', (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('error', reject);
      res.on('data', (text: string) => (body += text));
      res.on('end', () => resolve({ status: res.statusCode!, retryAfter: res.headers['retry-after'], body }));
    });
  });
  req.flushHeaders();
  return { req, answer };
}

describe.each(engines)('limits of ingestion on $name', (engine) => {
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(engine, { MAX_INGESTS: 1, STALL_TIMEOUT: 500 });
    key = await app.key('ingest:write');
  });
  afterAll(() => app?.close());

  const post = async (body: string) => {
    const { req, answer } = begin(app.url, key);
    req.end(body);
    return answer;
  };

  it('reject only the line over 4 MiB', async () => {
    const large = record('large', { clientName: 'x'.repeat(5 * 1024 * 1024) });
    const { status, body } = await post([record('a'), large, record('b')].join('\n'));
    const { results } = JSON.parse(body) as { results: { status: string; detail?: string }[] };
    expect([status, results.map((r) => r.status)]).toEqual([200, ['created', 'rejected', 'created']]);
    expect(results[1]!.detail).toContain('line 2: is larger than 4 MiB');
  });

  it('answer 503 with Retry-After immediately above the limit, and accept the request again later', async () => {
    const first = begin(app.url, key);
    first.req.write(`${record('c')}\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = await post(record('d'));
    expect([second.status, second.retryAfter]).toEqual([503, '1']);
    first.req.end();
    expect((await first.answer).status).toBe(200);
    expect((await post(record('d'))).status).toBe(200);
  });

  it('disconnect a stalled sender and release its slot', async () => {
    const { req, answer } = begin(app.url, key, { 'Content-Length': '1000' });
    req.write(record('e'));
    const { status, body } = await answer;
    expect([status, JSON.parse(body)]).toEqual([
      400,
      expect.objectContaining({ detail: 'Nothing of the body arrived for 0.5 seconds.' }),
    ]);
    expect(JSON.parse((await post(record('e'))).body)).toMatchObject({ results: [{ status: 'created' }] });
  });

  it('reject only the element of an array that exceeds a limit', async () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const wide = `{"activities":[${'{},'.repeat(100_000)}{}]}`;
    const body = `[${record('f')},${deep}, ${wide} ,${record('g', { clientName: 'x'.repeat(5 * 1024 * 1024) })},${record('h')}]`;
    const { req, answer } = begin(app.url, key, { 'Content-Type': 'application/json' });
    req.end(body);
    const { status, body: text } = await answer;
    const { results } = JSON.parse(text) as { results: { status: string; detail?: string }[] };
    expect([status, results.map((r) => r.detail ?? r.status)]).toEqual([
      200,
      [
        ...['created', 'record 2: is nested more than 8 levels deep', 'record 3: has more than 100000 values'],
        ...['record 4: is larger than 4 MiB', 'created'],
      ],
    ]);
  });

  it('apply nothing of an array that is damaged at its end', async () => {
    const records = Array.from({ length: 1500 }, (_, i) => record(`array ${i}`)).join();
    const send = async (body: string) => {
      const { req, answer } = begin(app.url, key, { 'Content-Type': 'application/json' });
      req.end(body);
      return answer;
    };
    const { status, body } = await send(`[${records},{"externalId":}]`);
    expect([status, JSON.parse(body)]).toEqual([
      400,
      expect.objectContaining({ detail: 'The body is not valid JSON.' }),
    ]);
    const { results } = JSON.parse((await send(`[${records}]`)).body) as { results: { status: string }[] };
    expect(new Set(results.map((r) => r.status))).toEqual(new Set(['created']));
  });

  it('end a request with 50,000 more rejected records than accepted ones, and say what was applied', async () => {
    const { status, body } = await post(`${record('i')}\n${'1\n'.repeat(60_000)}`);
    expect([status, (JSON.parse(body) as { detail: string }).detail]).toEqual([
      400,
      expect.stringMatching(/50000 more.*the record is not a JSON object\. Of the records before, 1 were applied/),
    ]);
    expect(JSON.parse((await post(record('i'))).body)).toMatchObject({ results: [{ status: 'unchanged' }] });
  });

  it('keep the order of results that exceed the memory limit, and send a Content-Length', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => (i % 2 ? '{' : '[]'));
    const { status, body } = await post(lines.join('\n'));
    const answer = JSON.parse(body) as { accepted: number; rejected: number; results: { detail: string }[] };
    expect([status, answer.accepted, answer.rejected]).toEqual([200, 0, 20_000]);
    expect(body.length).toBeGreaterThan(1024 * 1024);
    expect(answer.results.map((r) => r.detail)).toEqual(
      lines.map((_, i) => (i % 2 ? `line ${i + 1}: is not valid JSON` : 'the record is not a JSON object.')),
    );
  });
});

describe('a body far larger than the memory of the process', () => {
  let database: FreshDatabase;
  let app: Application;

  beforeAll(async () => {
    database = await freshDatabase({ name: 'sqlite' });
    app = await Application.on(database.url);
    await app.cli('migrate');
    // The heap limit is smaller than the answer.
    await app.start('--max-old-space-size=48', '--max-semi-space-size=2');
  }, 60_000);
  afterAll(async () => {
    await app?.kill();
    await database?.drop();
  });

  it('is accepted completely while its sender reads nothing, and answered record by record', async () => {
    const key = await app.cli('keys', 'create', '--name', 't', '--scope', 'ingest:write');
    const { req, answer } = begin(app.url, key);
    const block = Buffer.from(`1\n${record('x'.repeat(128))}\n`.repeat(5000));
    for (let i = 0; i < 50; i++) if (!req.write(block)) await new Promise((resolve) => req.once('drain', resolve));
    req.end(record('last'));
    const { status, body } = await answer;
    expect([status, body.slice(0, 54)]).toEqual([200, '{"accepted":250001,"rejected":250000,"activities":0,"r']);
    expect(body.length).toBeGreaterThan(64 * 1024 * 1024);
    expect(body.slice(-80)).toContain('"externalId":"last","sessionId":2,"status":"created"}]}');
  }, 120_000);
});

describe.each(engines.filter((engine) => engine.url !== undefined))('two processes on $name', (engine) => {
  it('ingest the same records concurrently, in different orders and batches, and reach the same state', async () => {
    const database = await freshDatabase(engine);
    const apps = [await Application.on(database.url), await Application.on(database.url)];
    try {
      await apps[0]!.cli('migrate');
      const key = await apps[0]!.cli('keys', 'create', '--name', 't', '--scope', 'ingest:write');
      await Promise.all(apps.map((app) => app.start()));
      const lines = Array.from({ length: 400 }, (_, i) =>
        record(`s${i % 100}`, {
          ...{ clientGuid: `g${i % 10}`, userName: `u${i % 10}`, clientName: `name ${i % 3}` },
          ...{ lastSeen: `2021-04-01T11:00:${String(i % 60).padStart(2, '0')}Z` },
          activities: [{ at: '2021-04-01T10:30:00Z', title: `${i % 4}` }],
        }),
      );
      const totals = { created: 0, activities: 0 };
      const sender = async (n: number) => {
        const own = n % 2 ? lines : [...lines].reverse();
        for (let from = 0; from < own.length; from += 37 + n) {
          const { req, answer } = begin(apps[n % 2]!.url, key);
          req.end(own.slice(from, from + 37 + n).join('\n'));
          const { status, body } = await answer;
          expect(status).toBe(200);
          const parsed = JSON.parse(body) as { rejected: number; activities: number; results: { status: string }[] };
          expect(parsed.rejected).toBe(0);
          totals.activities += parsed.activities;
          totals.created += parsed.results.filter((r) => r.status === 'created').length;
        }
      };
      await Promise.all([0, 1, 2, 3].map(sender));
      expect(totals).toEqual({ created: 100, activities: (100 * new Set([0, 1, 2, 3]).size) / 4 });
    } finally {
      await Promise.all(apps.map((app) => app.kill()));
      await database.drop();
    }
  }, 60_000);
});
