import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { rawRequest } from '../support/http.js';

const SESSIONS = '/ekranapi/sessions?start=2021-01-01&end=2021-01-02';
const PROBLEM = 'application/problem+json; charset=utf-8';

/** Sends the text and nothing else. @returns the answer */
async function rawAnswer(app: TestApp, text: string): Promise<{ text: string; ms: number }> {
  const began = Date.now();
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return { text: answer, ms: Date.now() - began };
}

describe('calls of one caller', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await startApp(engines[0]!, { RATE_LIMIT: { calls: 3, perMs: 60_000 } });
    key = await app.key('sessions:read');
  });
  afterAll(() => app?.close());

  it('are counted down in the headers, then refused with the time to wait, without affecting another caller', async () => {
    const call = (ApiKey: string) => rawRequest(app.url, SESSIONS, { headers: { ApiKey } });
    for (const left of [2, 1, 0]) {
      const { status, headers } = await call(key);
      expect(status).toBe(200);
      expect(headers.ratelimit).toMatch(new RegExp(`^"calls"; r=${left}; t=\\d+$`));
      expect(headers['ratelimit-policy']).toMatch(/^"calls"; q=3; w=60; pk=:[A-Za-z0-9+/=]+:$/);
    }
    const refused = await call(key);
    expect([refused.status, refused.type]).toEqual([429, PROBLEM]);
    expect(JSON.parse(refused.body)).toMatchObject({
      type: 'urn:session-audit:problem:too-many-requests',
      status: 429,
    });
    const wait = Number(refused.headers['retry-after']);
    expect(wait > 0 && wait <= 60).toBe(true);
    expect((await call(await app.key('sessions:read'))).status).toBe(200);
  });
});

describe('failed authentications of one address', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(engines[0]!, { AUTH_FAILURE_LIMIT: { calls: 5, perMs: 60_000 } });
  });
  afterAll(() => app?.close());

  it('are refused with 429 above the limit, while a valid key from that address is accepted and not counted', async () => {
    const key = await app.key('sessions:read');
    const status = async (ApiKey: string) => (await rawRequest(app.url, SESSIONS, { headers: { ApiKey } })).status;
    for (let i = 0; i < 10; i++) expect(await status(key)).toBe(200);
    for (let i = 0; i < 5; i++) expect(await status('x')).toBe(401);
    expect([await status('x'), await status(`sak_aaaaaaaa_${'A'.repeat(43)}`)]).toEqual([429, 429]);
    expect(await status(key)).toBe(200);
    expect(await status('x')).toBe(429);
    expect((await rawRequest(app.url, '/health')).status).toBe(200);
  });
});

describe('the address that a trusted proxy reports', () => {
  it('cannot evade the limit of failed authentications when it is no IP address', async () => {
    const limits = { AUTH_FAILURE_LIMIT: { calls: 5, perMs: 60_000 }, TRUSTED_PROXIES: '127.0.0.1' };
    const app = await startApp(engines[0]!, limits);
    try {
      const status = async (forwarded: string) =>
        (await rawRequest(app.url, SESSIONS, { headers: { ApiKey: 'x', 'X-Forwarded-For': forwarded } })).status;
      for (const text of ['garbage-1', '1.2.3.4.5', 'unknown', '', '_x']) expect(await status(text)).toBe(401);
      for (const text of ['garbage-2', '999.1.1.1', '2001:db8::g']) expect(await status(text)).toBe(429);
      expect(await status('203.0.113.9')).toBe(401);
    } finally {
      await app.close();
    }
  });
});

describe('a server', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    const times = { HEADERS_TIMEOUT: 1000, REQUEST_TIMEOUT: 3000, KEEP_ALIVE_TIMEOUT: 1000 };
    app = await startApp(engines[0]!, { ...times, CORS_ORIGINS: 'https://bi.example.org,http://localhost:8080' });
    key = await app.key('sessions:read', 'ingest:write');
  });
  afterAll(() => app?.close());

  it.each([
    ['says nothing', ''],
    ['sends headers that do not end', 'GET /health HTTP/1.1\r\nHost: x\r\nX-A: b\r\n'],
    ['sends half a line', 'GET /hea'],
  ])('closes a connection that %s', async (_what, sent) => {
    const { text, ms } = await rawAnswer(app, sent);
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[^]*problem:request-timeout/);
    expect(ms).toBeGreaterThanOrEqual(900);
    expect(ms).toBeLessThan(5000);
  });

  it('closes a connection whose body does not end', async () => {
    const head = `POST /api/v1/ingest/sessions HTTP/1.1\r\nHost: x\r\nApiKey: ${key}\r\nContent-Type: application/json\r\n`;
    const { text, ms } = await rawAnswer(app, `${head}Content-Length: 100\r\n\r\n[`);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(ms).toBeLessThan(8000);
  });

  it('closes an idle connection', async () => {
    const { text, ms } = await rawAnswer(app, 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(ms).toBeLessThan(5000);
  });

  it('continues to answer other callers', async () => {
    const idle = Array.from({ length: 50 }, () => rawAnswer(app, 'GET / HTTP/1.1\r\n'));
    expect((await rawRequest(app.url, SESSIONS, { headers: { ApiKey: key } })).status).toBe(200);
    await Promise.all(idle);
  });

  it('refuses a URL of more than 8192 characters with 414, and headers of more than 16 KiB with 431', async () => {
    const long = await rawRequest(app.url, `/health?${'x'.repeat(8192)}`);
    expect([long.status, long.type]).toEqual([414, PROBLEM]);
    expect((await rawRequest(app.url, '/health', { headers: { 'X-Long': 'x'.repeat(17_000) } })).status).toBe(431);
  });

  it('sends security headers and does not reveal its software', async () => {
    for (const path of ['/health', '/docs/', SESSIONS, '/nothing']) {
      const { headers } = await rawRequest(app.url, path, { headers: { ApiKey: key } });
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
      for (const name of ['server', 'x-powered-by', 'strict-transport-security']) expect(headers[name]).toBeUndefined();
    }
    const { headers } = await rawRequest(app.url, SESSIONS, { headers: { ApiKey: key } });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('accepts calls from pages of the configured origins only', async () => {
    const preflight = (Origin: string) =>
      rawRequest(app.url, SESSIONS, {
        method: 'OPTIONS',
        headers: { Origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'apikey' },
      });
    for (const origin of ['https://bi.example.org', 'http://localhost:8080']) {
      const { status, headers } = await preflight(origin);
      expect([status, headers['access-control-allow-origin']]).toEqual([204, origin]);
      expect(headers['access-control-allow-headers']).toContain('ApiKey');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      const answer = await rawRequest(app.url, SESSIONS, { headers: { ApiKey: key, Origin: origin } });
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      expect(answer.headers['access-control-expose-headers']).toContain('Retry-After');
    }
    for (const origin of ['https://evil.example.org', 'https://bi.example.org.evil.org', 'null'])
      expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
  });
});

it('a server without configured origins accepts no cross-origin calls', async () => {
  const app = await startApp(engines[0]!);
  try {
    const { headers } = await rawRequest(app.url, '/health', { headers: { Origin: 'https://bi.example.org' } });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  } finally {
    await app.close();
  }
});

it('a stopping server does not wait for idle connections', async () => {
  const app = await startApp(engines[0]!);
  const key = await app.key('ingest:write');
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  const head = `POST /api/v1/ingest/sessions HTTP/1.1\r\nHost: x\r\nApiKey: ${key}\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}Content-Length: 2\r\n\r\n[`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const began = Date.now();
  const closed = app.close();
  await new Promise((resolve) => setTimeout(resolve, 300));
  socket.write(']');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  await closed;
  expect(Date.now() - began).toBeLessThan(4000);
});
