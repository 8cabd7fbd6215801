import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestApp, startApp } from '../support/app.js';
import { auditRecords, runSql } from '../support/audit.js';
import { BrowserJar } from '../support/browser-jar.js';
import { ConsolePage } from '../support/console.js';
import { engines } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { IssuerProcess } from '../support/issuer-process.js';

const AUDIENCE = 'https://sessions.example.org';
const LONG = 60_000;
const SCOPES = 'openid profile sessions:read admin audit:read';

const settings = (issuer: string) => ({
  ...{ OIDC_ISSUER: issuer, OIDC_AUDIENCE: AUDIENCE, OIDC_CLIENTS_CLAIM: 'machines' },
  ...{ OIDC_CLIENT_ID: 'console', OIDC_CLIENT_SECRET: 'a-secret-of-the-console', OIDC_LOGIN_SCOPE: SCOPES },
  ...{ OIDC_LOGIN_PARAMETERS: `resource=${encodeURIComponent(AUDIENCE)}`, AUTH_FAILURE_LIMIT: 'off' as const },
  LOG_LEVEL: 'none',
});
const bodyOf = ({ body }: { body: string }) => JSON.parse(body) as Record<string, unknown>;

describe.each(engines)('logins to the console at an identity provider, on $name', (engine) => {
  let issuer: IssuerProcess;
  let app: TestApp;
  beforeAll(async () => {
    issuer = await IssuerProcess.start();
    app = await startApp(engine, settings(issuer.issuer));
    await issuer.acceptLogins(`${app.url}/console/oidc/callback`);
  }, LONG);
  afterAll(async () => {
    await app?.close();
    await issuer?.stop();
  });
  beforeEach(() => issuer.decideLogins({ account: 'alice', claims: { machines: '*' } }));

  const start = (returnTo = '/timeline?from=2021-04-01') =>
    `${app.url}/console/oidc/login?returnTo=${encodeURIComponent(returnTo)}`;
  const pageOf = (jar: BrowserJar) => Object.assign(new ConsolePage(app.url), { cookie: jar.cookieFor(app.url) });
  const loggedIn = async () => {
    const jar = new BrowserJar();
    await jar.open(start());
    return pageOf(jar);
  };

  it('give the scopes of the access token until it expires, and return to the page', async () => {
    const jar = new BrowserJar();
    const { url, visited } = await jar.open(start());
    expect(url).toBe(`${app.url}/timeline?from=2021-04-01`);
    expect(visited[1]).toContain('code_challenge_method=S256');
    const page = pageOf(jar);
    const session = bodyOf(await page.session());
    expect(session).toMatchObject({
      name: 'alice at home',
      keyPrefix: null,
      subject: 'alice',
      clients: null,
      method: 'oidc',
    });
    expect(session['scopes']).toEqual(['sessions:read', 'audit:read', 'admin']);
    const inMinutes = (Date.parse(session['expiresAt'] as string) - Date.now()) / 60_000;
    expect([inMinutes > 8, inMinutes <= 10]).toEqual([true, true]);
    expect((await page.call('/api/v1/sessions')).status).toBe(200);
    expect(bodyOf(await page.call('/api/v1/keys/me'))['prefix']).toBe('oidc:alice');
    expect((await page.call('/ekranapi/sessions')).status).toBe(401);
  });

  it('limit the user to the clients of the token, without scopes that reach beyond them', async () => {
    const session = (clientGuid: string) => ({
      ...{ clientGuid, externalId: '1', clientName: clientGuid, userName: 'u' },
      ...{ loginDate: '2021-04-01T10:00Z', logoutDate: '2021-04-01T11:00Z' },
    });
    await ingest(app.url, await app.key('ingest:write'), [session('ours'), session('theirs')]);
    await issuer.decideLogins({ account: 'bob', claims: { machines: 'ours' } });
    const page = await loggedIn();
    expect(bodyOf(await page.session())).toMatchObject({ subject: 'bob', clients: 1, scopes: ['sessions:read'] });
    const { body } = await page.call('/api/v1/sessions?from=2021-01-01&to=2022-01-01');
    expect([body.includes('ours'), body.includes('theirs')]).toEqual([true, false]);
    await issuer.decideLogins({ account: 'carol', claims: {} });
    expect(bodyOf(await (await loggedIn()).session())).toMatchObject({ subject: 'carol', clients: 0 });
  });

  it('end everywhere for the same subject', async () => {
    const [first, second] = [await loggedIn(), await loggedIn()];
    expect((await first.call('/console/sessions', { method: 'DELETE' })).status).toBe(204);
    expect((await second.session()).status).toBe(401);
  });

  it.each(['https://evil.example.org/', '//evil.example.org', '/api/v1/sessions', '/\\evil.example.org'])(
    'return to the first page instead of %s',
    async (returnTo) => {
      expect((await new BrowserJar().open(start(returnTo))).url).toBe(`${app.url}/`);
    },
  );

  it('fail without the cookie of the attempt, with the state of another, and the second time', async () => {
    const victim = new BrowserJar();
    const { url: callback } = await victim.open(start(), /\/console\/oidc\/callback/);
    expect(callback).toMatch(/code=/);
    const stranger = new BrowserJar();
    expect((await stranger.open(callback)).url).toBe(`${app.url}/login?error=login-expired`);
    await stranger.open(start(), /\/console\/oidc\/callback/);
    expect((await stranger.open(callback)).url).toBe(`${app.url}/login?error=login-failed`);
    expect(stranger.cookieFor(app.url)).toBe('');
    expect((await victim.open(callback)).url).toContain('/timeline');
    expect((await victim.open(callback)).url).toBe(`${app.url}/login?error=login-expired`);
  });

  it('tell when the user or the provider declines', async () => {
    await issuer.decideLogins({ error: 'access_denied' });
    expect((await new BrowserJar().open(start())).url).toBe(`${app.url}/login?error=login-refused`);
  });

  it('do not start from another site', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    const answer = await rawRequest(app.url, '/console/oidc/login', { headers });
    expect([answer.status, answer.headers.location, answer.headers['set-cookie']]).toEqual([302, '/login', undefined]);
  });

  it('are recorded with their subject or their failure, and leave no code, token or id', async () => {
    const jar = new BrowserJar();
    const { visited } = await jar.open(start());
    await new BrowserJar().open(`${app.url}/console/oidc/callback?code=x&state=y`);
    await pageOf(jar).call('/api/v1/sessions', { headers: { 'X-Request-Id': 'by-alice' } });
    const records = await auditRecords(app.url, await app.key('audit:read'));
    const logins = records.filter(({ action, kind }) => action === 'console.login' && kind === 'request');
    const filters = logins.map(({ caller, filter }) => [caller, JSON.parse(filter as string) as object]);
    expect(filters).toContainEqual(['oidc:alice', { method: 'oidc' }]);
    expect(filters).toContainEqual([null, { method: 'oidc', failure: 'login-expired' }]);
    expect(records.find(({ requestId }) => requestId === 'by-alice')).toMatchObject({ caller: 'oidc:alice' });
    const rows = await runSql(app.config.DATABASE_URL, 'SELECT * FROM console_sessions');
    const text = JSON.stringify([records, rows]);
    const code = new URL(visited.find((url) => url.includes('code='))!).searchParams.get('code')!;
    const id = jar.cookieFor(app.url).split('=')[1]!;
    for (const secret of [code, id, 'a-secret-of-the-console']) expect(text).not.toContain(secret);
  });

  it('show a button with its label', async () => {
    const { oidc } = bodyOf(await rawRequest(app.url, '/console/options'));
    expect(oidc).toEqual({ label: 'Single sign-on' });
  });
});

describe('logins to the console at an identity provider', () => {
  it(
    'lead back to the page when the provider is down, does not answer, or fails, and keys still work',
    async () => {
      const gone = await IssuerProcess.start();
      await gone.stop();
      const app = await startApp(engines[0]!, settings(gone.issuer));
      try {
        const { url } = await new BrowserJar().open(`${app.url}/console/oidc/login`);
        expect(url).toBe(`${app.url}/login?error=provider-unavailable`);
        const login = await new ConsolePage(app.url).login({ apiKey: await app.key('sessions:read') });
        expect(login.status).toBe(200);
      } finally {
        await app.close();
      }
    },
    LONG,
  );

  it('lead back to the page when the provider fails between the redirects', async () => {
    const issuer = await IssuerProcess.start();
    const app = await startApp(engines[0]!, settings(issuer.issuer));
    try {
      await issuer.acceptLogins(`${app.url}/console/oidc/callback`);
      const jar = new BrowserJar();
      const { url: callback } = await jar.open(`${app.url}/console/oidc/login`, /\/console\/oidc\/callback/);
      await issuer.stop();
      expect((await jar.open(callback)).url).toBe(`${app.url}/login?error=provider-unavailable`);
      expect((await rawRequest(app.url, '/health')).status).toBe(200);
    } finally {
      await app.close();
      await issuer.stop();
    }
  }, 60_000);

  it('ask a failing provider once in five seconds, however many logins are started', async () => {
    let requests = 0;
    const failing = createServer((_req, res) => {
      requests++;
      res.writeHead(503).end();
    });
    await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve));
    const app = await startApp(engines[0]!, settings(`http://127.0.0.1:${(failing.address() as AddressInfo).port}`));
    try {
      for (let i = 0; i < 5; i++) {
        const { url } = await new BrowserJar().open(`${app.url}/console/oidc/login`);
        expect(url).toBe(`${app.url}/login?error=provider-unavailable`);
      }
      expect(requests).toBe(1);
    } finally {
      await app.close();
      failing.close();
    }
  });

  it('do not exist without OIDC_CLIENT_ID', async () => {
    const app = await startApp(engines[0]!);
    try {
      for (const path of ['/console/oidc/login', '/console/oidc/callback?code=x'])
        expect((await rawRequest(app.url, path)).status).toBe(404);
    } finally {
      await app.close();
    }
  });
});
