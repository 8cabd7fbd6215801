import { gzipSync } from 'node:zlib';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { rawRequest } from '../support/http.js';

const SESSIONS = '/ekranapi/sessions';
const INGEST = '/api/v1/ingest/sessions';

const BAD_DATES = [
  '',
  '%20',
  'x',
  'null',
  'undefined',
  'now',
  '0',
  '-1',
  '1e9',
  '1617235200000',
  '2021',
  '2021-04',
  '2021-4-1',
  '21-04-01',
  '2021/04/01',
  '01.04.2021',
  '2021-04-01%2010:00',
  '2021-04-01t10:00',
  '2021-04-01T10',
  '2021-04-01T10:00:00z',
  '2021-04-01T10:00:00.',
  '2021-04-01T10:00:00,5',
  '2021-02-29',
  '2021-02-30',
  '2021-13-01',
  '2021-00-01',
  '2021-01-00',
  '2021-04-31',
  '2021-04-01T24:00',
  '2021-04-01T10:60',
  '2021-04-01T10:00:60',
  '2021-04-01T10:00+3',
  '2021-04-01T10:00+0300',
  '2021-04-01T10:00+25:00',
  '2021-04-01T10:00+03:60',
  '2021-04-01T10:00%2003:00',
  '%2B2021-04-01',
  '-2021-04-01',
  '12021-04-01',
  '0000-01-01',
  '2021-04-01T10:00:00ZZ',
  '2021-04-01;2021-04-02',
  "2021-04-01'--",
  '2021-04-01%00',
  '%E2%91%A0',
  '٢٠٢١-٠٤-٠١'.replace(/./gu, (c) => encodeURIComponent(c)),
  'a'.repeat(5000),
  '%ff',
  '%',
  '%zz',
  '%c3%28',
];

const BAD_QUERIES = [
  'foo=1',
  'start',
  'start&end',
  'Start=2021-04-01&START=2021-04-02',
  'start=2021-04-01&start=2021-04-01',
  'start[]=2021-04-01',
  'start[a]=1',
  '=',
  '=1',
  '%',
  '%ff=1',
  'start=2021-04-02&end=2021-04-01',
  'start=2021-04-01T00:00:00.001Z&end=2021-04-01T00:00:00.000Z',
  'limit=10',
  'starts=2021-04-01',
  'start=2021-04-01&ends=2021-04-02',
  '__proto__=1',
  'constructor=1',
  'st%00art=1',
  `${'x'.repeat(3000)}=1`,
];

const BAD_KEYS = [
  '',
  ' ',
  'x',
  'null',
  'sak_',
  'sak_aaaaaaaa_',
  `sak_aaaaaaaa_${'A'.repeat(43)}`,
  `sak_AAAAAAAA_${'A'.repeat(43)}`,
  'a'.repeat(4000),
  '../..',
  "' OR 1=1 --",
];

describe.each(engines)('malformed requests on $name', (engine) => {
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(engine);
    key = await app.key('sessions:read', 'ingest:write');
  });
  afterAll(() => app?.close());

  const problem = async (path: string, status: number | number[], options: Parameters<typeof rawRequest>[2] = {}) => {
    const answer = await rawRequest(app.url, path, { ...options, headers: { ApiKey: key, ...options.headers } });
    expect([status].flat()).toContain(answer.status);
    expect(answer.type).toMatch(/^application\/problem\+json/);
    const body = JSON.parse(answer.body) as Record<string, unknown>;
    expect(body).toMatchObject({
      status: answer.status,
      type: expect.any(String),
      title: expect.any(String),
      detail: expect.any(String),
    });
    expect(answer.body).not.toMatch(/SELECT|INSERT|node_modules|\.js:|sak_[a-z0-9]{8}_/);
    return body as { errors?: { parameter: string }[]; requestId: string };
  };

  it.each(
    BAD_DATES.flatMap(
      (date) =>
        [
          ['start', date],
          ['END', date],
        ] as const,
    ),
  )('refuses %s=%s and names it', async (name, date) => {
    const { errors } = await problem(`${SESSIONS}?${name}=${date}`, 400);
    expect(errors?.map((e) => e.parameter)).toEqual([name.toLowerCase()]);
  });

  it.each(BAD_QUERIES)('refuses the query %s', async (query) => {
    const { errors } = await problem(`${SESSIONS}?${query}`, 400);
    expect(errors?.length).toBeGreaterThan(0);
  });

  it('names every fault of a query at once', async () => {
    const { errors } = await problem(`${SESSIONS}?start=2021-02-30&foo=1&END=&end=x&%ff=1`, 400);
    expect(errors?.map(({ parameter }) => parameter).sort()).toEqual(['%ff', 'end', 'end', 'foo', 'start']);
  });

  it.each(BAD_KEYS)('refuses the key "%s" with the uniform body of 401', async (bad) => {
    const body = await problem(SESSIONS, 401, { headers: { ApiKey: bad } });
    const none = await rawRequest(app.url, SESSIONS);
    expect({ ...body, requestId: '' }).toEqual({ ...(JSON.parse(none.body) as object), requestId: '' });
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('answers %s on the sessions with 405 and Allow', async (method) => {
    const answer = await rawRequest(app.url, SESSIONS, { method, headers: { ApiKey: key } });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, POST, HEAD']);
    expect(answer.type).toMatch(/problem/);
  });

  it.each([
    '/index.html',
    '/ekranapi',
    '/ekranapi/session',
    '/api/v1/ingest',
    '/%',
    '/%ff',
    '/ekranapi/sessions/1',
    '/..%2f..%2fetc/passwd',
  ])('has nothing at %s', (path) => problem(path, [400, 404]));

  it('answers an oversized header with a problem', async () => {
    const answer = await rawRequest(app.url, SESSIONS, { headers: { 'X-Long': 'x'.repeat(20_000) } });
    expect([answer.status, answer.type]).toEqual([431, 'application/problem+json']);
  });

  const json = { 'Content-Type': 'application/json' };
  it.each<[string, number | number[], Record<string, string>, string | Buffer]>([
    ['no JSON', 400, json, 'x'],
    ['an empty body', 400, json, ''],
    ['an object', 400, json, '{}'],
    ['half an array', 400, json, '[{}'],
    ['invalid UTF-8', 400, json, Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])],
    ['no content type', 415, {}, '[]'],
    ['another content type', 415, { 'Content-Type': 'text/xml' }, '<a/>'],
    ['a form', 415, { 'Content-Type': 'application/x-www-form-urlencoded' }, 'a=1'],
    ['what is no gzip', 400, { ...json, 'Content-Encoding': 'gzip' }, '[]'],
    ['cut gzip', 400, { ...json, 'Content-Encoding': 'gzip' }, gzipSync('[]'.padEnd(5000)).subarray(0, 20)],
    ['another encoding', 415, { ...json, 'Content-Encoding': 'br' }, '[]'],
  ])('refuses %s as a body of ingestion', async (_name, status, headers, body) => {
    await problem(INGEST, status, { method: 'POST', headers, body });
  });

  it('answers 403 and names the missing scope', async () => {
    const reader = await app.key('audit:read');
    const answer = await rawRequest(app.url, SESSIONS, { headers: { ApiKey: reader } });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('sessions:read');
  });

  it('keeps a well-formed request id and replaces any other', async () => {
    const sane = await rawRequest(app.url, SESSIONS, { headers: { ApiKey: key, 'X-Request-Id': 'abc-1' } });
    expect(sane.headers['x-request-id']).toBe('abc-1');
    const other = await rawRequest(app.url, SESSIONS, { headers: { 'X-Request-Id': '<script>' } });
    expect(other.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect((JSON.parse(other.body) as { requestId: string }).requestId).toBe(other.headers['x-request-id']);
  });
});
