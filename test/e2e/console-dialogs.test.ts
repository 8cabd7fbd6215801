import type { Page } from 'playwright-core';
import { toInstantText } from '../../src/platform/time/instant.js';
import { type ConsoleApp, startConsoleApp } from '../support/console-app.js';
import { ConsoleBrowser, type View, axeViolations, tooWide } from '../support/console-browser.js';
import { runSql } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { IssuerProcess } from '../support/issuer-process.js';

const executablePath = process.env.TEST_CHROMIUM ?? '';
const inBrowser = executablePath === '' ? describe.skip : describe;

const AUDIENCE = 'https://sessions.example.org';
const PHONE = { width: 390, height: 844 };

/** What is open on a page, and how it is opened. */
const OPENED: readonly (readonly [name: string, path: string, open: (page: Page) => Promise<void>, view: View])[] = [
  [
    'the dialog that creates a key',
    '/admin',
    async (page) => {
      await page.getByRole('button', { name: 'Create a key' }).click();
      await page.getByRole('dialog', { name: 'Create a key' }).waitFor();
    },
    {},
  ],
  [
    'the dialog that shows a new key once',
    '/admin',
    async (page) => {
      await page.getByRole('button', { name: 'Create a key' }).click();
      await page.getByLabel('Name').fill('for the look of it');
      await page.getByRole('dialog').getByRole('button', { name: 'Create a key' }).click();
      await page.getByRole('dialog', { name: 'The new key' }).waitFor();
    },
    {},
  ],
  ['the dialog that rotates a key', '/admin', (page) => openDialogOfKey(page, 'Rotate'), {}],
  ['the dialog that revokes a key', '/admin', (page) => openDialogOfKey(page, 'Revoke'), {}],
  [
    'a refused key on the login page',
    '/login',
    async (page) => {
      await page.getByLabel('API key').fill('sak_wrongkey_0000000000000000000000000000000000000000');
      await page.keyboard.press('Enter');
      await page.getByText('This key is not valid').waitFor();
    },
    {},
  ],
  [
    'the list of keyboard shortcuts',
    '/timeline',
    async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    },
    {},
  ],
  [
    'the account menu',
    '/at',
    async (page) => {
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('button', { name: 'Log out everywhere' }).waitFor();
    },
    {},
  ],
  [
    'the menu of pages on a phone',
    '/at',
    async (page) => {
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('link', { name: 'Statistics' }).waitFor();
    },
    PHONE,
  ],
  [
    'the filters, with a list of machines',
    '/timeline',
    async (page) => {
      await page.getByRole('button', { name: 'More filters' }).click();
      await page.getByRole('combobox', { name: 'Machine…' }).fill('acc');
      await page.getByRole('option', { name: 'WS-ACC-01' }).waitFor();
    },
    {},
  ],
  [
    'a chosen user, in the audit',
    '/audit?view=reads',
    async (page) => {
      await page.getByRole('combobox', { name: 'User…' }).fill('berg');
      await page.getByRole('option', { name: 'anna.berg' }).waitFor();
    },
    {},
  ],
  [
    'verified evidence',
    '/sessions/2',
    async (page) => {
      await page.getByRole('button', { name: 'Verify', exact: true }).click();
      await page.getByText('Nothing was changed').waitFor();
    },
    {},
  ],
];

async function openDialogOfKey(page: Page, action: 'Rotate' | 'Revoke'): Promise<void> {
  await page
    .getByRole('button', { name: `${action} analyst` })
    .first()
    .click();
  await page.getByRole('dialog', { name: `${action} “analyst”` }).waitFor();
}

inBrowser('dialogs, menus and sessions of the console in a real browser', () => {
  let app: ConsoleApp;
  let browser: ConsoleBrowser;
  let issuer: IssuerProcess;

  beforeAll(async () => {
    issuer = await IssuerProcess.start();
    app = await startConsoleApp(engines[0]!, Date.now(), [], {
      ...{ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE, OIDC_CLIENTS_CLAIM: 'machines' },
      ...{ OIDC_CLIENT_ID: 'console', OIDC_CLIENT_SECRET: 'a-secret-of-the-console' },
      ...{ OIDC_LOGIN_SCOPE: 'openid profile sessions:read', OIDC_LOGIN_LABEL: 'Example Corp' },
      OIDC_LOGIN_PARAMETERS: `resource=${encodeURIComponent(AUDIENCE)}`,
    });
    await issuer.acceptLogins(`${app.url}/console/oidc/callback`);
    browser = await ConsoleBrowser.launch(executablePath, app.url);
    await browser.login(await app.key('sessions:read', 'activities:read', 'audit:read', 'admin'));
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await issuer?.stop();
  });

  it.each(OPENED)('meet WCAG 2.2 AA in light and dark, and fit a narrow phone: %s', async (_name, path, open, view) => {
    const page = await browser.open(path, view, path !== '/login');
    await browser.settle(page);
    await open(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await browser.settle(page);
      expect(await axeViolations(page)).toEqual([]);
    }
    await page.setViewportSize(PHONE);
    await browser.settle(page);
    expect(await tooWide(page)).toEqual([]);
    await page.context().close();
    expect(browser.faults.splice(0)).toEqual([]);
  });

  it('logs in with the button of the identity provider, and returns to the page that was asked for', async () => {
    await issuer.decideLogins({ account: 'alice', claims: { machines: '*' } });
    const page = await browser.open('/at', {}, false);
    await page.waitForURL('**/login?returnTo=*');
    await page.getByRole('link', { name: 'Example Corp' }).click();
    await page.waitForURL('**/at');
    await page.getByRole('button', { name: 'Account' }).click();
    await page.locator('#account').getByText('alice at home').waitFor();
    await browser.settle(page);
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
    await page.context().close();
    expect(withoutProvider(browser.faults.splice(0))).toEqual([]);
  });

  it('warns before an idle session ends, keeps it on demand, and tells that it has ended', async () => {
    const page = await browser.open('/at');
    await browser.settle(page);
    const usedAgo = async (minutes: number) => {
      const lastUsed = toInstantText(Date.now() - minutes * 60_000);
      await runSql(app.databaseUrl, `UPDATE console_sessions SET last_used_at = '${lastUsed}'`);
      await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    };
    const warning = page.getByRole('alert').getByText('Your session ends at');
    await usedAgo(27);
    await browser.settle(page);
    expect(await warning.count()).toBe(0);
    await usedAgo(29);
    await warning.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stay logged in' }).click();
    await warning.waitFor({ state: 'detached' });
    const session = (await page.evaluate(
      `fetch('/console/session', { headers: { 'X-Session-Audit-Console': '1' } }).then((answer) => answer.json())`,
    )) as { idleUntil: string };
    expect((Date.parse(session.idleUntil) - Date.now()) / 60_000).toBeGreaterThan(29);
    await usedAgo(31);
    await page.getByText('Your session has ended').waitFor();
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.context().close();
    expect(browser.faults.splice(0)).toEqual([]);
  });

  it('tells that the identity provider declined', async () => {
    await issuer.decideLogins({ error: 'access_denied' });
    const page = await browser.open('/login', {}, false);
    await page.getByRole('link', { name: 'Example Corp' }).click();
    await page.getByText('The identity provider declined the login.').waitFor();
    await page.getByLabel('API key').waitFor();
    await page.context().close();
    expect(withoutProvider(browser.faults.splice(0))).toEqual([]);
  });

  /** The login is the one thing for which the browser leaves the console. */
  const withoutProvider = (faults: string[]) =>
    faults.filter((fault) => !fault.startsWith(`request to ${issuer.issuer}/`));
});
