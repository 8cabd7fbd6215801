import type { Socket } from 'node:net';
import { openConnection, pause, readUntilClosed, requestText } from '../../attack/support/raw-connection.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { rawRequest } from '../support/http.js';

const INGEST = '/api/v1/ingest/sessions';
const NDJSON = { 'Content-Type': 'application/x-ndjson' };
/** A chunk with a rejected record. */
const LINE = '3\r\n{}\n\r\n';

describe('slow senders of ingestion', () => {
  let app: TestApp;
  let slow: string;
  let other: string;
  beforeAll(async () => {
    app = await startApp(engines[0]!, { MAX_INGESTS: 2, INGESTS_PER_CALLER: 1, STALL_TIMEOUT: 600 });
    slow = await app.key('ingest:write');
    other = await app.key('ingest:write');
  });
  afterAll(() => app?.close());

  const begin = async (): Promise<Socket> => {
    const socket = await openConnection(app.url);
    const headers = { ...NDJSON, ApiKey: slow, 'Transfer-Encoding': 'chunked' };
    socket.write(requestText('POST', INGEST, headers) + LINE);
    return socket;
  };
  const ingest = (ApiKey: string) =>
    rawRequest(app.url, INGEST, { method: 'POST', headers: { ...NDJSON, ApiKey }, body: '{}' });

  it('occupy only the slots of their caller, and lose them when they are slower than 1 KiB a second', async () => {
    const socket = await begin();
    const timer = setInterval(() => socket.write(LINE), 200);
    const ended = readUntilClosed(socket, 10_000).finally(() => clearInterval(timer));
    await pause(100);
    const refused = await ingest(slow);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
    expect((await ingest(other)).status).toBe(200);
    const { text, closed } = await ended;
    expect([closed, text.slice(0, 12)]).toEqual([true, 'HTTP/1.1 408']);
    expect(text).toMatch(/"The body arrives too slowly\."/);
    expect((await ingest(slow)).status).toBe(200);
  });
});
