import { connect } from 'node:net';
import { once } from 'node:events';
import { pollUntil, runCli } from '../support/audit.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { type ServerProcess, keyFor, startServerProcess } from '../support/server-process.js';

const SESSION = {
  ...{ externalId: '1', clientGuid: 'c', clientName: 'c', userName: 'u' },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' },
};

type Line = Readonly<Record<string, unknown>>;

/** What is logged does not depend on the engine. */
describe('REQUEST_LOG=on', () => {
  let database: FreshDatabase;
  let server: ServerProcess;
  let key: string;

  beforeAll(async () => {
    database = await freshDatabase(engines[0]!);
    await runCli(['migrate'], { DATABASE_URL: database.url });
    key = await keyFor(database.url, { scopes: ['sessions:read', 'ingest:write'] });
    server = await startServerProcess(database.url, { REQUEST_LOG: 'on' });
    await ingest(server.url, key, [SESSION]);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  const lines = (): Line[] => {
    const texts = server.output().split('\n');
    return texts.filter((line) => line.includes('"Request"')).map((line) => JSON.parse(line) as Line);
  };

  async function lineOf(requestId: string): Promise<Line> {
    const found = await pollUntil(
      async () => lines().filter((line) => line['requestId'] === requestId),
      (l) => l.length > 0,
    );
    expect(found).toHaveLength(1);
    return found[0]!;
  }

  async function logged(path: string, headers: Record<string, string> = { ApiKey: key }): Promise<Line> {
    const requestId = `r${Math.random()}`;
    await rawRequest(server.url, path, { headers: { ...headers, 'X-Request-Id': requestId } });
    return lineOf(requestId);
  }

  it('logs one line for an answered request', async () => {
    const line = await logged('/ekranapi/sessions?start=2021-01-01');
    expect(line).toMatchObject({ level: 'log', context: 'Request', message: 'GET /ekranapi/sessions 200' });
    expect(line).toMatchObject({ method: 'GET', route: '/ekranapi/sessions', status: 200, rows: 1 });
    expect(line).toMatchObject({ key: key.split('_')[1] ?? '', address: '127.0.0.1' });
    expect(line['bytes']).toBeGreaterThan(100);
    expect(line['durationMs']).toBeGreaterThan(0);
    expect(line['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\S+Z$/);
    expect(line).not.toHaveProperty('aborted');
  });

  it('names the pattern of a route, not the address', async () => {
    expect(await logged('/api/v1/sessions/1')).toMatchObject({ route: '/api/v1/sessions/:sessionId', status: 200 });
    expect(await logged('/api/v1/sessions/999')).toMatchObject({ route: '/api/v1/sessions/:sessionId', status: 404 });
  });

  it('logs requests that fail before a route handles them', async () => {
    expect(await logged('/ekranapi/sessions', {})).toMatchObject({
      route: '/ekranapi/sessions',
      status: 401,
      key: null,
    });
    expect(await logged('/api/v1/unknown')).toMatchObject({ route: null, status: 404 });
    expect(await logged('http://[')).toMatchObject({ route: null, status: 400 });
  });

  it('logs what is no HTTP', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end('no http\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    const found = await pollUntil(
      async () => lines(),
      (all) => all.some((line) => line['method'] === null),
    );
    expect(found.at(-1)).toMatchObject({ message: 'malformed - 400', status: 400, address: '127.0.0.1' });
  });

  it('logs an answer that the caller broke off', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = `POST /api/v1/ingest/sessions HTTP/1.1\r\nHost: x\r\nApiKey: ${key}\r\nX-Request-Id: broken`;
    socket.write(`${head}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n{`, () =>
      socket.destroy(),
    );
    expect(await lineOf('broken')).toMatchObject({ aborted: true });
  });

  it('holds no secret and no value of a query', async () => {
    await logged(`/ekranapi/sessions?start=2021-01-01&unknown=hidden-value&ApiKey=${key}`);
    await logged('/ekranapi/sessions', { Authorization: 'Bearer hidden.token.value' });
    const secret = key.slice(-16);
    for (const hidden of [secret, 'hidden', 'token', '2021-01-01']) expect(server.output()).not.toContain(hidden);
  });
});

describe('the request log', () => {
  it('is off by default, and as text with LOG_FORMAT=text', async () => {
    const database = await freshDatabase(engines[0]!);
    await runCli(['migrate'], { DATABASE_URL: database.url });
    const silent = await startServerProcess(database.url);
    const text = await startServerProcess(database.url, { REQUEST_LOG: 'on', LOG_FORMAT: 'text' });
    try {
      for (const { url } of [silent, text]) await rawRequest(url, '/health/live');
      await pollUntil(
        async () => text.output(),
        (output) => output.includes('GET /health/live 200'),
      );
      expect(text.output()).toMatch(/LOG \[Request\] GET \/health\/live 200 requestId="\S+" durationMs=/);
      expect(silent.output()).toBe('');
    } finally {
      await Promise.all([silent.stop(), text.stop()]);
      await database.drop();
    }
  });
});
