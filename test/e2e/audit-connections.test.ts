import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { AuditRecord } from '../../src/modules/audit/chain/audit-record.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditKey, auditRecords, pollUntil } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { rawRequest } from '../support/http.js';
import { seedSessions } from '../support/server-process.js';

const KEYS = '/api/v1/keys';
const JSON_TYPE = { 'Content-Type': 'application/json' };

describe.each(engines)('the audit of changes and lost connections on $name', (engine) => {
  let app: TestApp;
  let auditor: string;
  let admin: string;
  beforeAll(async () => {
    app = await startApp(engine, { MAX_DOWNLOADS: 2 });
    auditor = await auditKey(app.config.DATABASE_URL);
    admin = await app.key('admin');
  });
  afterAll(() => app?.close());

  const recordsOf = (requestId: string, count: number): Promise<AuditRecord[]> =>
    pollUntil(
      async () => (await auditRecords(app.url, auditor)).filter((r) => r.requestId === requestId),
      (records) => records.length >= count,
    );
  const change = (method: string, path: string, id: string, body: unknown) =>
    rawRequest(app.url, path, {
      ...{ method, headers: { ApiKey: admin, 'X-Request-Id': id, ...JSON_TYPE }, body: JSON.stringify(body) },
    });
  const filterOf = (record: AuditRecord | undefined) => JSON.parse(record!.filter) as unknown;

  it('records the values of a change before it is made', async () => {
    const limits = { cidrs: ['127.0.0.0/8', '192.0.2.0/24'], clientGuids: ['ws-1', 'ws-2'] };
    const key = { name: 'siem', scopes: ['sessions:read'], expiresAt: '2099-01-01T00:00:00Z', ...limits };
    const made = await change('POST', KEYS, 'create', key);
    expect(made.status).toBe(201);
    const values = { cidrs: '127.0.0.0/8 192.0.2.0/24', clientGuids: 'ws-1 ws-2' };
    const [created] = await recordsOf('create', 2);
    expect([created!.kind, filterOf(created)]).toMatchObject([
      'request',
      { name: 'siem', scopes: 'sessions:read', expiresAt: '2099-01-01 00:00:00.000', ...values },
    ]);

    const { prefix } = JSON.parse(made.body) as { prefix: string };
    await change('PATCH', `${KEYS}/${prefix}`, 'update', { name: 'new name', cidrs: null });
    const [updated] = await recordsOf('update', 2);
    expect([updated!.kind, filterOf(updated)]).toEqual([
      'request',
      { prefix, fields: 'name cidrs', name: 'new name', cidrs: null },
    ]);

    await change('POST', `${KEYS}/${prefix}/rotate`, 'rotate', { overlap: '1h' });
    expect(filterOf((await recordsOf('rotate', 2))[0])).toMatchObject({ prefix, overlap: '1h' });
  });

  it('records all limits of a key with the maximum number of clients', async () => {
    const clientGuids = Array.from({ length: 500 }, (_, i) => `"${'\\'.repeat(59)}${1000 + i}`);
    const key = { name: 'many', scopes: ['sessions:read'], clientGuids };
    expect((await change('POST', KEYS, 'many', key)).status).toBe(201);
    expect(filterOf((await recordsOf('many', 2))[0])).toMatchObject({ clientGuids: clientGuids.join(' ') });
  });

  it('records the values of a change whose caller disconnects before the answer', async () => {
    const headers = { ApiKey: admin, 'X-Request-Id': 'left', ...JSON_TYPE };
    const req = request(`${app.url}${KEYS}`, { method: 'POST', headers, agent: false });
    req.on('error', () => undefined);
    req.end(JSON.stringify({ name: 'left behind', scopes: ['sessions:read'] }));
    await once(req, 'finish');
    await recordsOf('left', 1);
    req.destroy();
    const records = await recordsOf('left', 2);
    expect(records.map(({ kind }) => kind)).toEqual(['request', 'outcome']);
    expect(filterOf(records[0])).toMatchObject({ name: 'left behind', scopes: 'sessions:read' });
  });

  it('records the outcome of a lost call and nothing for the pipelined call behind it, and frees their slots', async () => {
    await seedSessions(app.config.DATABASE_URL, 100_000);
    const reader = await app.key('sessions:read');
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const ask = (id: string) =>
      `GET /ekranapi/sessions HTTP/1.1\r\nHost: test\r\nApiKey: ${reader}\r\nX-Request-Id: ${id}\r\n\r\n`;
    socket.write(ask('first') + ask('second'));
    await once(socket, 'readable');
    await recordsOf('first', 1);
    socket.destroy();
    expect((await recordsOf('first', 2))[1]).toMatchObject({ kind: 'outcome', cutShort: true });
    // A queued request is not handled yet, so it can neither read nor hold anything.
    expect(await recordsOf('second', 0)).toEqual([]);
    const again = () => rawRequest(app.url, '/ekranapi/sessions', { headers: { ApiKey: reader } });
    await pollUntil(again, ({ status }) => status === 200);
    const answers = await Promise.all([again(), again()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  }, 60_000);
});
