import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { type TestApp, startApp } from '../support/app.js';
import { auditRecords, runSql } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { IssuerProcess } from '../support/issuer-process.js';

const executablePath = process.env.TEST_CHROMIUM ?? '';
const inBrowser = executablePath === '' ? describe.skip : describe;
const AUDIENCE = 'https://sessions.example.org';
const LONG = 60_000;
const NEW_KEY = JSON.stringify({ name: 'stolen', scopes: ['admin'] });

interface PageAnswer {
  readonly status: number;
  readonly body: string;
}

/** Calls the server as the console does. */
const own = (page: Page, path: string, init: { headers?: object; [field: string]: unknown } = {}) => {
  const headers = { 'X-Session-Audit-Console': '1', ...init.headers };
  return page.evaluate<PageAnswer>(
    `fetch(${JSON.stringify(path)}, ${JSON.stringify({ ...init, headers })})
      .then(async (answer) => ({ status: answer.status, body: await answer.text() }))`,
  );
};
const login = (page: Page, apiKey: string) =>
  own(page, '/console/session', {
    ...{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ apiKey }) },
  });

inBrowser('the login of the console in a real browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let app: TestApp;
  let evil: Server;
  let key: string;
  /** The hosts of pages that attack: another site, and another port of the same host. */
  const origins = { site: '', port: '' };

  beforeAll(async () => {
    evil = createServer((_req, res) =>
      res.setHeader('Content-Type', 'text/html').end('<!doctype html><title>evil</title>'),
    );
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    const { port } = evil.address() as AddressInfo;
    Object.assign(origins, { site: `http://localhost:${port}`, port: `http://127.0.0.1:${port}` });
    // Even pages that may call the API, with a key of their own, cannot use the login of another page.
    app = await startApp(engines[0]!, { CORS_ORIGINS: `${origins.site},${origins.port}`, AUTH_FAILURE_LIMIT: 'off' });
    key = await app.key('sessions:read', 'admin');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
  }, LONG);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    evil?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(() => context.close());

  const loggedIn = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${app.url}/login`);
    expect((await login(page, key)).status).toBe(200);
    return page;
  };
  const keys = () => runSql(app.config.DATABASE_URL, 'SELECT prefix FROM api_keys');

  it('gives a cookie that the page cannot read, and calls with it', async () => {
    const page = await loggedIn();
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ name: 'session-audit', httpOnly: true, sameSite: 'Strict', path: '/', expires: -1 });
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await page.evaluate('JSON.stringify([{...localStorage}, {...sessionStorage}])')).not.toContain(
      key.slice(13),
    );
    expect((await own(page, '/api/v1/sessions')).status).toBe(200);
    expect((await own(page, '/ekranapi/sessions')).status).toBe(401);
    expect((await own(page, '/console/session', { method: 'DELETE' })).status).toBe(204);
    expect(await context.cookies()).toEqual([]);
  });

  it.each(['site', 'port'] as const)('cannot be used by a page of another %s', async (which) => {
    const page = await loggedIn();
    const before = await keys();
    const stranger = await context.newPage();
    await stranger.goto(origins[which]);
    const json = { 'Content-Type': 'application/json' };
    const withHeader = { ...json, 'X-Session-Audit-Console': '1' };
    const attempts = [];
    for (const [path, init] of [
      ['/api/v1/keys', { method: 'POST', headers: withHeader, body: NEW_KEY }],
      ['/console/sessions', { method: 'DELETE', headers: withHeader }],
      ['/console/session', { headers: withHeader }],
      ['/api/v1/keys', { method: 'POST', mode: 'no-cors', body: NEW_KEY }],
      ['/api/v1/sessions', { mode: 'no-cors' }],
      ['/api/v1/sessions', {}],
    ] as const)
      attempts.push(await attempt(stranger, `${app.url}${path}`, { credentials: 'include', ...init }));
    expect(attempts).toEqual(Array(6).fill('blocked'));
    await sendForm(stranger, `${app.url}/api/v1/keys`, NEW_KEY);
    await stranger.goto(origins[which]);
    await sendForm(stranger, `${app.url}/console/session`, JSON.stringify({ apiKey: key }));
    expect(await stranger.content()).toMatch(/problem:(cross-site-request|unsupported-media-type)/);
    expect(await keys()).toEqual(before);
    expect((await own(page, '/console/session')).status).toBe(200);
    const auditor = await app.key('audit:read');
    const made = (await auditRecords(app.url, auditor)).filter(({ action }) => action === 'keys.create');
    expect(made.filter(({ method, caller }) => method === 'POST' && caller !== null)).toEqual([]);
  });

  it('does not authenticate a navigation, not even one to the console itself', async () => {
    await loggedIn();
    const page = await context.newPage();
    await page.goto(origins.site);
    await page.evaluate(`void (location.href = '${app.url}/api/v1/keys/me')`);
    await page.waitForURL(`${app.url}/**`);
    expect(await page.content()).toContain('unauthenticated');
    expect((await page.goto(`${app.url}/api/v1/keys/me`))!.status()).toBe(401);
  });

  it.each(['site', 'port'] as const)('is not shown in a frame of another %s', async (which) => {
    await loggedIn();
    const page = await context.newPage();
    await page.goto(origins[which]);
    const refused = page.waitForEvent('console', (message) => /frame-ancestors|X-Frame-Options/.test(message.text()));
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: '${app.url}/timeline' }))`,
    );
    await refused;
    expect(page.frames()[1]?.url() ?? '').not.toContain('/timeline');
  });

  it('runs no script that was written into the page, and sends nothing to other origins', async () => {
    const page = await loggedIn();
    const result = await page.evaluate<Record<string, unknown>>(`(async () => {
      const violations = [];
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
      const attempt = (write) => {
        try {
          write();
          return 'accepted';
        } catch (error) {
          return error.name;
        }
      };
      const script = document.createElement('script');
      const refusals = [
        attempt(() => (document.body.innerHTML = '<img src=x onerror="window.hacked = true">')),
        attempt(() => (script.text = 'window.hacked = true')),
        attempt(() => trustedTypes.createPolicy('other', {})),
      ];
      const image = document.createElement('img');
      image.src = 'data:x';
      document.body.append(image);
      const sent = await fetch('${origins.site}', { mode: 'no-cors' }).then(() => 'sent', () => 'blocked');
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { refusals, sent, hacked: 'hacked' in window, violations };
    })()`);
    expect(result['refusals']).toEqual(['TypeError', 'TypeError', 'TypeError']);
    expect(result).toMatchObject({ sent: 'blocked', hacked: false });
    expect(result['violations']).toEqual(
      expect.arrayContaining(['connect-src', 'img-src', 'require-trusted-types-for', 'trusted-types']),
    );
  });
});

inBrowser('a login at an identity provider of another site in a real browser', () => {
  it(
    'returns to the page, whose calls have the cookie',
    async () => {
      const issuer = await IssuerProcess.start();
      const app = await startApp(engines[0]!, {
        ...{ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE, OIDC_LOGIN_SCOPE: 'openid profile sessions:read' },
        ...{ OIDC_CLIENT_ID: 'console', OIDC_CLIENT_SECRET: 'a-secret-of-the-console' },
        OIDC_LOGIN_PARAMETERS: `resource=${encodeURIComponent(AUDIENCE)}`,
      });
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
      try {
        const url = app.url.replace('127.0.0.1', 'localhost');
        await issuer.acceptLogins(`${url}/console/oidc/callback`);
        await issuer.decideLogins({ account: 'alice', claims: {} });
        const page = await browser.newPage();
        await page.goto(`${url}/login`);
        await page.evaluate(`void (location.href = '/console/oidc/login?returnTo=/timeline')`);
        await page.waitForURL(`${url}/timeline`);
        expect(JSON.parse((await own(page, '/console/session')).body)).toMatchObject({ subject: 'alice' });
        expect((await own(page, '/api/v1/sessions')).status).toBe(200);
      } finally {
        await browser.close();
        await app.close();
        await issuer.stop();
      }
    },
    LONG,
  );
});

/** @returns status of the answer, or `blocked` when the browser does not show it to the page */
function attempt(page: Page, url: string, init: object): Promise<unknown> {
  return page.evaluate(
    `fetch('${url}', ${JSON.stringify(init)}).then((answer) => answer.type === 'opaque' ? 'opaque' : answer.status, () => 'blocked')`,
  );
}

/** Posts a JSON text as a form can: as `text/plain`, with a `=` in it. */
async function sendForm(page: Page, action: string, json: string): Promise<void> {
  const field = { name: `${json.slice(0, -1)},"x":"`, value: '"}' };
  await page.evaluate(`(() => {
    const form = Object.assign(document.createElement('form'), ${JSON.stringify({ action, method: 'POST', enctype: 'text/plain' })});
    form.append(Object.assign(document.createElement('input'), ${JSON.stringify(field)}));
    document.body.append(form);
    form.submit();
  })()`);
  await page.waitForURL(`${new URL(action).origin}/**`);
}
