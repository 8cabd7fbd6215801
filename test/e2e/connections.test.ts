import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { openConnection, pause, readUntilClosed, requestText } from '../../attack/support/raw-connection.js';
import { ResponseReader } from '../../attack/support/response-reader.js';
import { type TestApp, startApp } from '../support/app.js';
import { pollUntil } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { rawRequest } from '../support/http.js';
import { seedSessions } from '../support/server-process.js';

const PROBLEM = /\r\ncontent-type: application\/problem\+json/i;
const RECORD = {
  ...{ externalId: 'p', clientGuid: 'p', clientName: 'p', userName: 'p' },
  ...{ loginDate: '2022-01-01T00:00:00Z', logoutDate: null },
};

/** Resolves when this many responses were read. @returns their request ids and statuses, in order */
function responses(socket: Socket, methods: string[]): Promise<[id: string, status: number][]> {
  const read: [string, number][] = [];
  const count = methods.length;
  return new Promise((resolve, reject) => {
    const reader = new ResponseReader(methods, ({ status, head }) => {
      read.push([/\r\nx-request-id: (\S+)/i.exec(head)![1]!, status]);
      if (read.length === count) resolve(read);
    });
    socket.once('close', () => reject(new Error(`closed after ${read.length} responses`)));
    socket.on('data', (bytes: Buffer) => reader.add(bytes)).resume();
  });
}

describe('pipelined requests of a connection', () => {
  let app: TestApp;
  let reader: string;
  let writer: string;
  beforeAll(async () => {
    app = await startApp(engines[0]!, { STALL_TIMEOUT: 1500 });
    await seedSessions(app.config.DATABASE_URL, 12_000);
    reader = await app.key('sessions:read');
    writer = await app.key('ingest:write');
  });
  afterAll(() => app?.close());

  const get = (id: string, path: string, more: Record<string, string> = {}) =>
    requestText('GET', path, { ApiKey: reader, 'X-Request-Id': id, ...more });

  it('are answered in order, with and without bodies, short and long', async () => {
    const ingestHeaders = { ApiKey: writer, 'Content-Type': 'application/json' };
    const post = (id: string) =>
      requestText(
        'POST',
        '/api/v1/ingest/sessions',
        { ...ingestHeaders, 'X-Request-Id': id },
        JSON.stringify([RECORD]),
      );
    const head = requestText('HEAD', '/health', { 'X-Request-Id': 'head' });
    const continued = get('continue', '/health', { Expect: '100-continue' });
    const all = [get('long', '/ekranapi/sessions'), post('a'), head, post('b'), continued, get('none', '/api/nothing')];
    const socket = await openConnection(app.url);
    socket.write(all.join(''));
    const methods = ['GET', 'POST', 'HEAD', 'POST', 'GET', 'GET'];
    expect(await responses(socket, methods)).toEqual([
      ['long', 200],
      ['a', 200],
      ['head', 200],
      ['b', 200],
      ['continue', 200],
      ['none', 404],
    ]);
    // The connection still accepts requests.
    socket.removeAllListeners();
    socket.write(get('again', '/health'));
    expect(await responses(socket, ['GET'])).toEqual([['again', 200]]);
    socket.removeAllListeners('close').destroy();
  });

  it('release their files when the connection is lost', async () => {
    await rawRequest(app.url, '/docs/swagger-ui-bundle.js');
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let n = 0; n < 3; n++) {
      const socket = await openConnection(app.url);
      socket.write(get('lost', '/docs/swagger-ui-bundle.js').repeat(90));
      await once(socket, 'readable');
      socket.resetAndDestroy();
    }
    for (let tries = 0; tries < 100 && descriptors() > before + 5; tries++) await pause(50);
    expect(descriptors()).toBeLessThanOrEqual(before + 5);
  });

  it.each([
    ['more than 100 are queued', 110, 0],
    ['more than 256 KiB of headers are queued', 20, 15_000],
  ])('are refused by closing the connection when %s', async (_limit, requests, padding) => {
    const socket = await openConnection(app.url);
    socket.write(get('queued', '/ekranapi/sessions', { 'X-Padding': 'x'.repeat(padding) }).repeat(requests));
    const { text, closed } = await readUntilClosed(socket, 10_000);
    expect([closed, text.split('HTTP/1.1 ').length - 1]).toEqual([true, 0]);
    expect((await rawRequest(app.url, '/health')).status).toBe(200);
  });

  it('are cut after STALL_TIMEOUT when the answers are not read, and no other connection is', async () => {
    const idle = await openConnection(app.url);
    const socket = await openConnection(app.url);
    // Less than 1 MiB each, so each answer is complete before it is sent.
    socket.write(get('whole', '/ekranapi/sessions?start=2021-01-01&end=2021-01-06').repeat(90));
    await once(socket, 'readable');
    await pause(4000);
    idle.write(get('idle', '/health'));
    expect(await responses(idle, ['GET'])).toEqual([['idle', 200]]);
    idle.removeAllListeners('close').destroy();
    const { closed } = await readUntilClosed(socket, 5000);
    expect([closed, socket.bytesRead > 0, socket.bytesRead < 80 * 1024 * 1024]).toEqual([true, true, true]);
  });

  it('are cut after STALL_TIMEOUT when downloads are not read', async () => {
    const requests = 10;
    const socket = await openConnection(app.url);
    socket.write(get('download', '/ekranapi/sessions', { 'Accept-Encoding': 'identity' }).repeat(requests));
    await once(socket, 'readable');
    await pause(4000);
    const { text, closed } = await readUntilClosed(socket, 2000);
    expect([closed, text.slice(0, 12), text.split('HTTP/1.1 ').length - 1 < requests]).toEqual([
      ...[true, 'HTTP/1.1 200', true],
    ]);
  });

  it.each([
    ['a target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['an unknown expectation', requestText('GET', '/health', { Expect: 'x', Connection: 'close' }), 417],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
  ])('get a problem for %s', async (_what, text, status) => {
    const socket = await openConnection(app.url);
    socket.write(text);
    const answer = await readUntilClosed(socket, 5000);
    expect([Number(answer.text.slice(9, 12)), PROBLEM.test(answer.text), answer.closed]).toEqual([status, true, true]);
    expect(answer.text).toContain('"status":' + status);
  });

  it('are closed after the answer when the rest of a body does not arrive', async () => {
    const socket = await openConnection(app.url);
    socket.write(get('rest', '/health', { 'Content-Length': '1000' }));
    const { text, closed } = await readUntilClosed(socket, 5000);
    expect([closed, text.slice(0, 12)]).toEqual([true, 'HTTP/1.1 200']);
  });
});

describe('connections of one address', () => {
  it.each([
    ['are closed above the limit, and those of another address are accepted', '', 2],
    ['are not limited for a trusted proxy', '127.0.0.1', 4],
  ])('%s', async (_rule, TRUSTED_PROXIES, kept) => {
    const app = await startApp(engines[0]!, { CONNECTIONS_PER_ADDRESS: 2, TRUSTED_PROXIES });
    try {
      const health = requestText('GET', '/health');
      const sockets = await Promise.all([1, 2, 3, 4].map(() => openConnection(app.url)));
      const first = sockets.map(async (socket) => {
        socket.write(health);
        const events = ['data', 'close'].map((event) =>
          once(socket, event).then(
            () => event,
            () => 'close',
          ),
        );
        socket.resume();
        return Promise.race(events);
      });
      expect((await Promise.all(first)).filter((event) => event === 'data')).toHaveLength(kept);
      const other = connect({ port: Number(new URL(app.url).port), host: '127.0.0.1', localAddress: '127.0.0.2' });
      other.write(health);
      expect(String(await once(other, 'data'))).toMatch(/^HTTP\/1\.1 200/);
      other.destroy();
      // A closed connection makes room.
      for (const socket of sockets) socket.destroy();
      const again = () => rawRequest(app.url, '/health').catch(() => null);
      expect(await pollUntil(again, (answer) => answer !== null)).toMatchObject({ status: 200 });
    } finally {
      await app.close();
    }
  });
});
