import { createApp } from '../../src/app.setup.js';
import { VERSION } from '../../src/config/version.js';
import { COMMAND_LINE } from '../../src/modules/access/keys/actor.js';
import { KeysService } from '../../src/modules/access/keys/keys.service.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditRecords, runSql } from '../support/audit.js';
import { ConsolePage } from '../support/console.js';
import { engines } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START_MS = Date.parse('2026-03-02T09:00:00Z');
const prefixOf = (key: string) => key.slice(4, 12);
const second = () => new Promise((resolve) => setTimeout(resolve, 1000));
const bodyOf = ({ body }: { body: string }) => JSON.parse(body) as Record<string, unknown>;

describe.each(engines)('logins to the console on $name', (engine) => {
  const clock = { ms: START_MS, nowMs: () => clock.ms };
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(engine, { AUTH_FAILURE_LIMIT: 'off' }, clock);
  });
  afterAll(() => app?.close());
  beforeEach(() => {
    clock.ms = START_MS;
  });

  const page = () => new ConsolePage(app.url);
  const loggedIn = async (apiKey?: string) => {
    const p = page();
    expect((await p.login({ apiKey: apiKey ?? (await app.key('sessions:read')) })).status).toBe(200);
    return p;
  };
  const reads = async (p: ConsolePage) => (await p.call('/api/v1/sessions')).status;

  it('exchange a key for a session, which reads what the key may read', async () => {
    const fields = { name: 'analyst', scopes: ['sessions:read', 'ingest:write'] as const, clientGuids: ['a', 'b'] };
    const key = await app.limitedKey(fields);
    const p = page();
    const answer = await p.login({ apiKey: key });
    const session = {
      ...{ name: 'analyst', keyPrefix: prefixOf(key), subject: null, scopes: fields.scopes, clients: 2, method: 'key' },
      ...{ idleUntil: '2026-03-02T09:30:00.000+00:00', expiresAt: '2026-03-02T21:00:00.000+00:00' },
    };
    expect([answer.status, bodyOf(answer)]).toEqual([200, session]);
    expect(bodyOf(await p.session())).toEqual(session);
    expect(await reads(p)).toBe(200);
    expect((await p.call('/api/v1/keys')).status).toBe(403);
    expect(bodyOf(await p.call('/api/v1/keys/me'))).toMatchObject({ prefix: prefixOf(key), name: 'analyst' });
  });

  it('set a cookie that scripts cannot read and other sites cannot send', async () => {
    const { headers } = await page().login({ apiKey: await app.key('sessions:read') });
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^session-audit=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('are refused for a wrong key like without one, and set no cookie', async () => {
    const wrong = `sak_aaaaaaaa_${'x'.repeat(43)}`;
    const answer = await page().login({ apiKey: wrong });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
    expect((await page().session()).status).toBe(401);
    for (const body of [{}, { apiKey: wrong, loginToken: 'x' }, { apiKey: 5 }, { other: 1 }])
      expect((await page().call('/console/session', { method: 'POST', body })).status).toBe(400);
  });

  it('get a new id each time, and end the session that the browser had', async () => {
    const p = await loggedIn();
    const former = p.clone();
    await p.login({ apiKey: await app.key('sessions:read') });
    expect(p.cookie).not.toBe(former.cookie);
    expect([await reads(p), await reads(former)]).toEqual([200, 401]);
  });

  it('do not accept an id that a browser brings', async () => {
    const planted = `session-audit=${'A'.repeat(43)}`;
    const p = page();
    p.cookie = planted;
    await p.login({ apiKey: await app.key('sessions:read') });
    expect(p.cookie).not.toBe(planted);
    expect(await reads(Object.assign(page(), { cookie: planted }))).toBe(401);
  });

  it('end with a logout, here or everywhere', async () => {
    const key = await app.key('sessions:read');
    const [first, second, third] = [await loggedIn(key), await loggedIn(key), await loggedIn(key)];
    const other = await loggedIn();
    const former = first.clone();
    expect((await first.call('/console/session', { method: 'DELETE' })).status).toBe(204);
    expect([first.cookie, await reads(former), await reads(second)]).toEqual(['', 401, 200]);
    expect((await second.call('/console/sessions', { method: 'DELETE' })).status).toBe(204);
    expect([await reads(third), await reads(other)]).toEqual([401, 200]);
    expect((await third.call('/console/session', { method: 'DELETE' })).status).toBe(401);
  });

  it('end half an hour after the last use, which background calls are not', async () => {
    const p = await loggedIn();
    clock.ms += 29 * MINUTE;
    expect(await reads(p)).toBe(200);
    clock.ms += 29 * MINUTE;
    expect((await p.session()).status).toBe(200);
    const background = { headers: { 'X-Session-Audit-Console': 'background' } };
    expect((await p.call('/api/v1/sessions', background)).status).toBe(200);
    clock.ms += MINUTE;
    expect((await p.session()).status).toBe(401);
    expect(await reads(p)).toBe(401);
  });

  it('end after twelve hours, however much they are used', async () => {
    const p = await loggedIn();
    for (let i = 0; i < 47; i++) {
      clock.ms += 15 * MINUTE;
      expect(await reads(p)).toBe(200);
    }
    clock.ms += 15 * MINUTE - 1;
    expect(await reads(p)).toBe(200);
    clock.ms += 1;
    expect(await reads(p)).toBe(401);
  });

  it('end when the key expires', async () => {
    const expiresAt = '2026-03-02 09:10:00.000';
    const p = await loggedIn(await app.limitedKey({ scopes: ['sessions:read'], expiresAt }));
    expect(bodyOf(await p.session())['expiresAt']).toBe('2026-03-02T09:10:00.000+00:00');
    clock.ms += 10 * MINUTE;
    expect(await reads(p)).toBe(401);
  });

  it('follow revocation and new limits of the key within a second on another process, and a logout at once', async () => {
    const other = await createApp(app.config, clock);
    try {
      await other.listen(0, '127.0.0.1');
      const keys = other.get(KeysService);
      const pages = [];
      for (let i = 0; i < 3; i++) {
        const key = await app.key('sessions:read');
        pages.push({ key, page: await loggedIn(key) });
      }
      for (const p of pages) expect(await reads(p.page)).toBe(200);
      const [revoked, limited, moved] = pages as [(typeof pages)[0], (typeof pages)[0], (typeof pages)[0]];
      await keys.revoke(prefixOf(revoked.key), COMMAND_LINE);
      await keys.update(prefixOf(limited.key), { clientGuids: ['only'] }, COMMAND_LINE);
      await keys.update(prefixOf(moved.key), { cidrs: ['192.0.2.0/24'] }, COMMAND_LINE);
      await second();
      expect([await reads(revoked.page), await reads(moved.page)]).toEqual([401, 401]);
      expect(bodyOf(await limited.page.session())).toMatchObject({ clients: 1 });
      const { port } = other.getHttpServer().address() as { port: number };
      const there = new ConsolePage(`http://127.0.0.1:${port}`);
      there.cookie = limited.page.cookie;
      expect((await there.call('/console/sessions', { method: 'DELETE' })).status).toBe(204);
      expect(await reads(limited.page)).toBe(401);
    } finally {
      await other.close();
    }
  });

  it('see the clients of the key only', async () => {
    const session = (clientGuid: string) => ({
      ...{ clientGuid, externalId: '1', clientName: clientGuid, userName: 'u' },
      ...{ loginDate: '2021-04-01T10:00Z', logoutDate: '2021-04-01T11:00Z' },
    });
    await ingest(app.url, await app.key('ingest:write'), [session('ours'), session('theirs')]);
    const p = await loggedIn(await app.limitedKey({ scopes: ['sessions:read'], clientGuids: ['ours'] }));
    const { body } = await p.call('/api/v1/sessions?from=2021-01-01&to=2022-01-01');
    expect([body.includes('ours'), body.includes('theirs')]).toEqual([true, false]);
  });

  describe('with a link', () => {
    const linkFor = (key: string) => app.consoleLink(prefixOf(key));

    it('work once, with what the key may do', async () => {
      const loginToken = await linkFor(await app.limitedKey({ name: 'linked', scopes: ['sessions:read'] }));
      const pages = [page(), page(), page()];
      const answers = await Promise.all(pages.map((p) => p.login({ loginToken })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
      const done = answers.find(({ status }) => status === 200)!;
      expect(bodyOf(done)).toMatchObject({ name: 'linked', method: 'link', scopes: ['sessions:read'] });
      expect((await page().login({ loginToken })).status).toBe(401);
    });

    it('are refused after ten minutes, and when the key is revoked', async () => {
      const late = await linkFor(await app.key('sessions:read'));
      const key = await app.key('sessions:read', 'admin');
      const revoked = await linkFor(key);
      expect(
        (
          await rawRequest(app.url, `/api/v1/keys/${prefixOf(key)}/revoke`, {
            ...{ method: 'POST', headers: { ApiKey: await app.key('admin') } },
          })
        ).status,
      ).toBe(200);
      expect((await page().login({ loginToken: revoked })).status).toBe(401);
      clock.ms += 10 * MINUTE;
      expect((await page().login({ loginToken: late })).status).toBe(401);
    });

    it('are refused for a token that cannot be one, and leave no token in the database', async () => {
      for (const loginToken of ['x', 'A'.repeat(43), 'A'.repeat(256)])
        expect((await page().login({ loginToken })).status).toBe(401);
      const token = await linkFor(await app.key('sessions:read'));
      const rows = await runSql(app.config.DATABASE_URL, 'SELECT * FROM console_links');
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain(token);
    });
  });

  describe('the cookie', () => {
    let p: ConsolePage;
    beforeEach(async () => {
      p = await loggedIn(await app.key('sessions:read', 'ingest:write', 'admin', 'audit:read'));
    });

    it.each([
      ['/ekranapi/sessions', 'GET'],
      ['/EKRANAPI/sessions', 'GET'],
      ['/api/v1/ingest/sessions', 'POST'],
      ['/API/V1/Ingest/sessions', 'POST'],
      ['/api/v10', 'GET'],
      ['/api/v1/%69ngest/sessions', 'POST'],
    ])('does not count for %s', async (path, method) => {
      const answer = await p.call(path, { method, ...(method === 'POST' ? { body: [] } : {}) });
      expect([401, 404]).toContain(answer.status);
      if (answer.status === 404) expect(path).toContain('%');
    });

    it.each([
      ['no header of the page', 401, { 'X-Session-Audit-Console': undefined }],
      ['another value of it', 401, { 'X-Session-Audit-Console': 'true' }],
      ['a page of another origin', 403, { Origin: 'https://evil.example.org' }],
      ['a page of another port', 403, { Origin: 'http://127.0.0.1:1' }],
      ['a page without an origin', 403, { Origin: 'null' }],
      ['another site', 403, { 'Sec-Fetch-Site': 'cross-site' }],
      ['another host of the same site', 403, { 'Sec-Fetch-Site': 'same-site' }],
      ['no page', 403, { 'Sec-Fetch-Site': 'none' }],
    ])('does not count with %s', async (_what, status, headers) => {
      expect((await p.call('/api/v1/sessions', { headers })).status).toBe(status);
      const change = { method: 'POST', body: { name: 'x', scopes: ['admin'] }, headers };
      expect((await p.call('/api/v1/keys', change)).status).toBe(status);
      expect((await p.call('/console/sessions', { method: 'DELETE', headers })).status).toBe(status);
      const login = await page().login({ apiKey: await app.key('sessions:read') }, { headers });
      expect([login.status, login.headers['set-cookie']]).toEqual([403, undefined]);
    });

    it('does not count for a change without an origin', async () => {
      const change = { method: 'POST', body: { name: 'x', scopes: ['admin'] }, headers: { Origin: undefined } };
      expect((await p.call('/api/v1/keys', change)).status).toBe(403);
    });

    it('does not count beside a key, which is authenticated alone', async () => {
      expect((await p.call('/api/v1/sessions', { headers: { ApiKey: 'wrong' } })).status).toBe(401);
      expect((await p.call('/api/v1/sessions', { headers: { Authorization: 'Basic x' } })).status).toBe(401);
    });

    it('is not accepted or set over plain http from another machine', async () => {
      const headers = { Host: 'sessions.example.org', Origin: 'http://sessions.example.org' };
      expect((await p.call('/api/v1/sessions', { headers })).status).toBe(401);
      const login = await page().login({ apiKey: await app.key('sessions:read') }, { headers });
      expect([login.status, bodyOf(login)['type']]).toEqual([403, 'urn:session-audit:problem:https-required']);
    });
  });

  it('are recorded with the name of the key, and so are failures, logouts and reads, without secrets', async () => {
    const auditor = await app.key('audit:read');
    const key = await app.limitedKey({ name: 'recorded', scopes: ['sessions:read'] });
    const p = page();
    const wrong = `sak_bbbbbbbb_${'y'.repeat(43)}`;
    await p.login({ apiKey: wrong }, { headers: { 'X-Request-Id': 'login-failed' } });
    await p.login({ apiKey: key }, { headers: { 'X-Request-Id': 'login' } });
    const id = p.cookie.split('=')[1]!;
    await p.call('/api/v1/sessions', { headers: { 'X-Request-Id': 'read' } });
    await p.call('/console/session', { method: 'DELETE', headers: { 'X-Request-Id': 'logout' } });
    const records = await auditRecords(app.url, auditor);
    const of = (requestId: string) => {
      const [first] = records.filter((r) => r.requestId === requestId);
      return [first?.kind, first?.action, first?.caller, first?.callerName];
    };
    expect(of('login-failed')).toEqual(['refused', 'console.login', null, null]);
    expect(of('login')).toEqual(['request', 'console.login', prefixOf(key), 'recorded']);
    expect(of('read')).toEqual(['request', 'sessions.list', prefixOf(key), 'recorded']);
    expect(of('logout')).toEqual(['request', 'console.logout', prefixOf(key), 'recorded']);
    const text = JSON.stringify(records);
    for (const secret of [id, key.slice(13), wrong.slice(13)]) expect(text).not.toContain(secret);
  });

  it('leave no id in the database, and remove sessions that have ended', async () => {
    const p = await loggedIn();
    const id = p.cookie.split('=')[1]!;
    const rows = () => runSql<Record<string, unknown>>(app.config.DATABASE_URL, 'SELECT * FROM console_sessions');
    expect((await rows()).length).toBeGreaterThan(0);
    expect(JSON.stringify(await rows())).not.toContain(id);
    clock.ms += 13 * HOUR;
    await loggedIn();
    expect(await rows()).toHaveLength(1);
  });

  it('end the session used least recently when a caller has more than fifty', async () => {
    const key = await app.key('sessions:read');
    const first = await loggedIn(key);
    clock.ms += 1;
    for (let i = 0; i < 49; i++) await loggedIn(key);
    expect((await first.session()).status).toBe(200);
    await loggedIn(key);
    expect((await first.session()).status).toBe(401);
  });
});

describe('the console', () => {
  it('tells what a page needs before a login', async () => {
    const app = await startApp(engines[0]!, {
      ...{ API_TIME_ZONE: 'Europe/Berlin', IDLE_TIMEOUT: 600_000, CONSOLE_IDLE_MINUTES: 20 },
    });
    try {
      const { body } = await rawRequest(app.url, '/console/options');
      expect(JSON.parse(body)).toEqual({
        ...{ oidc: null, timeZone: 'Europe/Berlin', version: VERSION },
        ...{ activityIdleSeconds: 600, sessionIdleSeconds: 1_200 },
      });
    } finally {
      await app.close();
    }
  });

  it('limits failed logins from an address like failed authentications', async () => {
    const app = await startApp(engines[0]!, { AUTH_FAILURE_LIMIT: { calls: 3, perMs: MINUTE } });
    try {
      const p = new ConsolePage(app.url);
      const statuses = [];
      for (let i = 0; i < 5; i++) statuses.push((await p.login({ apiKey: 'wrong' })).status);
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
      expect((await p.session()).status).toBe(401);
      p.cookie = `session-audit=${'A'.repeat(43)}`;
      expect((await p.session()).status).toBe(429);
      expect((await p.login({ apiKey: await app.key('sessions:read') })).status).toBe(200);
    } finally {
      await app.close();
    }
  });

  it('sets a cookie for https only where browsers use https, as CONSOLE_URL or a trusted proxy tells', async () => {
    const secure = /^__Host-session-audit=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/;
    const host = 'sessions.example.org';
    const headers = { Host: host, Origin: `https://${host}` };
    for (const [settings, more] of [
      [{ CONSOLE_URL: `https://${host}` }, {}],
      [{ TRUSTED_PROXIES: '127.0.0.1' }, { 'X-Forwarded-Proto': 'https' }],
    ] as const) {
      const app = await startApp(engines[0]!, settings);
      try {
        const p = new ConsolePage(app.url);
        const login = await p.login({ apiKey: await app.key('sessions:read') }, { headers: { ...headers, ...more } });
        expect(login.headers['set-cookie']).toEqual([expect.stringMatching(secure)]);
        expect((await p.call('/api/v1/sessions', { headers: { ...headers, ...more } })).status).toBe(200);
        const plain = p.cookie.replace('__Host-', '');
        const answer = await p.call('/api/v1/sessions', { headers: { ...headers, ...more, Cookie: plain } });
        expect(answer.status).toBe(401);
      } finally {
        await app.close();
      }
    }
  });

  it('accepts no cookie and no login when it is off', async () => {
    const app = await startApp(engines[0]!, { CONSOLE: 'off' });
    try {
      expect((await rawRequest(app.url, '/')).status).toBe(302);
      const p = new ConsolePage(app.url);
      expect((await p.login({ apiKey: await app.key('sessions:read') })).status).toBe(404);
    } finally {
      await app.close();
    }
  });
});
