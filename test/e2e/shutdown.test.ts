import { once } from 'node:events';
import { connect } from 'node:net';
import { ingest } from '../support/http.js';
import { engines, freshDatabase } from '../support/engines.js';
import { runSql } from '../support/audit.js';
import { keyFor, seedSessions, startServerProcess } from '../support/server-process.js';

describe.each(engines)('a server on $name that gets SIGTERM', (engine) => {
  it('completes requests, answers long polls, ends downloads at its limit, and exits with 0', async () => {
    const database = await freshDatabase(engine);
    await seedSessions(database.url, 40_000);
    const key = await keyFor(database.url, { scopes: ['sessions:read', 'changes:read', 'ingest:write'] });
    const server = await startServerProcess(database.url, { SHUTDOWN_TIMEOUT: '2s' });
    try {
      const { port } = new URL(server.url);
      const stalled = connect(Number(port), '127.0.0.1');
      let received = 0;
      stalled.on('data', ({ length }) => {
        received += length;
        stalled.pause(); // reads no more than it got
      });
      stalled.on('error', () => undefined);
      stalled.write(`GET /ekranapi/sessions HTTP/1.1\r\nHost: h\r\nApiKey: ${key}\r\n\r\n`);
      await once(stalled, 'data');

      const record = {
        externalId: 'e',
        clientGuid: 'c',
        clientName: 'c',
        userName: 'u',
        loginDate: '2021-01-01T10:00Z',
      };
      await ingest(server.url, key, [{ ...record, externalId: 'before', logoutDate: null }]);
      const body = JSON.stringify([{ ...record, logoutDate: null }]);
      const sender = connect(Number(port), '127.0.0.1');
      let answer = '';
      sender.on('data', (bytes) => (answer += String(bytes)));
      const head = `POST /api/v1/ingest/sessions HTTP/1.1\r\nHost: h\r\nApiKey: ${key}\r\nContent-Type: application/json`;
      sender.write(`${head}\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`);
      await once(sender, 'data'); // 100 Continue: the request is being handled

      const headers = { ApiKey: key };
      const feed = (query: string) => fetch(`${server.url}/api/v1/changes?${query}`, { headers });
      const { next } = (await (await feed('after=0&wait=10s')).json()) as { next: number };
      const poll = feed(`after=${next}&wait=50s`);
      await fetch(`${server.url}/health/live`); // arrived after the poll

      const exited = once(server.child, 'exit');
      const began = performance.now();
      server.child.kill('SIGTERM');
      const polled = await poll;
      expect([polled.status, ((await polled.json()) as { items: unknown[] }).items]).toEqual([200, []]);
      sender.write(body);
      await once(sender, 'close');
      expect(answer).toContain('"status":"created"');
      expect(await exited).toEqual([0, null]);
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(received).toBeGreaterThan(0);
      const stored = await runSql(database.url, "SELECT id FROM sessions WHERE external_id = 'e'");
      expect(stored).toHaveLength(1);
      stalled.destroy();
    } finally {
      await server.stop();
      await database.drop();
    }
  }, 40_000);
});
