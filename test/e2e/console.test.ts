import { readFileSync, readdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { type ConsoleApp, startConsoleApp } from '../support/console-app.js';
import { ConsoleBrowser, axeViolations, tooWide } from '../support/console-browser.js';
import { engines } from '../support/engines.js';

const executablePath = process.env.TEST_CHROMIUM ?? '';
const inBrowser = executablePath === '' ? describe.skip : describe;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.now();
const iso = (instant: number) => new Date(instant).toISOString();

/** Would run if any page took it for markup, or followed it. */
const MARKUP = `"'><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>{alert(4)}`;
const HOSTILE = {
  ...{ externalId: MARKUP, clientGuid: '<img/src=x/onerror=alert(5)>', clientName: `!m${MARKUP}` },
  ...{ userName: `!u${MARKUP}`.replaceAll('\\', ''), userDomain: `!d${MARKUP}`.replaceAll('\\', '') },
  ...{ remoteHost: MARKUP, terminal: MARKUP, loginDate: iso(now - 2 * HOUR), logoutDate: iso(now - HOUR) },
  activities: [
    {
      ...{ at: iso(now - 1.5 * HOUR), application: MARKUP, title: MARKUP, url: `javascript:alert(6)//${MARKUP}` },
      ...{ keystrokes: MARKUP, kind: MARKUP.slice(0, 30) },
    },
  ],
};

/** Milliseconds of the window in the address, as a script. */
const SPAN = `(Date.parse(new URL(location).searchParams.get('to')) - Date.parse(new URL(location).searchParams.get('from')))`;

const PAGES = [
  '/login',
  '/timeline',
  '/at',
  '/sessions/2',
  '/overlaps',
  '/statistics',
  '/audit',
  '/audit?view=integrity',
  '/admin?view=health',
  '/admin',
];

inBrowser('the console in a real browser', () => {
  let app: ConsoleApp;
  let browser: ConsoleBrowser;
  let key: string;

  beforeAll(async () => {
    app = await startConsoleApp(engines[0]!, now, [HOSTILE]);
    key = await app.key('sessions:read', 'activities:read', 'changes:read', 'audit:read', 'admin');
    browser = await ConsoleBrowser.launch(executablePath, app.url);
    await browser.login(key);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });
  afterEach(() => expect(browser.faults.splice(0)).toEqual([]));

  const settled = (page: Page) => browser.settle(page);

  it('logs in with a key, which the page does not keep, and logs out', async () => {
    const page = await browser.open('/audit?view=reads', {}, false);
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.getByLabel('API key').fill('sak_wrongkey_0000000000000000000000000000000000000000');
    await page.keyboard.press('Enter');
    await page.getByText('This key is not valid').waitFor();
    await page.getByLabel('API key').fill(key);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/audit?view=reads');
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML])',
    );
    expect(kept).not.toContain(key);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Log out', exact: true }).click();
    await page.waitForURL('**/login');
    await page.goto('/timeline');
    await page.getByLabel('API key').waitFor();
    await page.context().close();
  });

  it('logs in with a one-time link, which leaves the address bar', async () => {
    const token = await app.link(key.split('_')[1]!);
    const page = await browser.open(`/login#token=${token}`, {}, false);
    await page.waitForURL('**/timeline*');
    expect(page.url()).not.toContain(token);
    await page.context().close();
    const again = await browser.open(`/login#token=${token}`, {}, false);
    await again.getByText('This link is not valid any more').waitFor();
    await again.context().close();
  });

  it('shows the timeline from three years to one second', async () => {
    const page = await browser.open('/timeline');
    await settled(page);
    let answers = 0;
    page.on('response', (answer) => (answers += answer.url().includes('/timeline/rows') ? 1 : 0));
    for (const [preset, length] of [
      ['threeYears', 3 * 365 * DAY],
      ['week', 7 * DAY],
      ['hour', HOUR],
    ] as const) {
      await page.getByLabel('Period…').selectOption(preset);
      await until(page, `Math.abs(${SPAN} - ${length}) < 1000`);
      await settled(page);
      expect(await colours(page)).toBeGreaterThan(4);
    }
    // Not one for each: a window that was loaded a moment ago is shown again.
    expect(answers).toBeGreaterThan(0);
    await page.getByRole('application').focus();
    for (let i = 0; i < 14; i++) await page.keyboard.press('+');
    await until(page, `${SPAN} === 1000`);
    await settled(page);
    await page.context().close();
  });

  it('is used with the keyboard alone: from the skip link to a session and back', async () => {
    const page = await browser.open('/timeline?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z');
    await settled(page);
    await page.getByText('No sessions in this window').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    for (let i = 0; i < 30 && (await role(page)) !== 'application'; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('End');
    await until(page, `${SPAN} === ${DAY} && Date.parse(new URL(location).searchParams.get('to')) > ${now}`);
    await settled(page);
    for (const press of ['ArrowDown', 'ArrowDown', 'n', 'n', 'p']) await page.keyboard.press(press);
    await page.locator('.tip').waitFor();
    expect(await page.locator('[aria-live=polite]').innerText()).toMatch(/202\d, \d\d:\d\d:\d\d – /);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sessions/*');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL('**/at');
    await page.context().close();
  });

  it('pans without a request for every movement', async () => {
    const page = await browser.open('/timeline');
    await settled(page);
    let requests = 0;
    page.on('request', (request) => (requests += request.url().includes('/timeline/rows') ? 1 : 0));
    await page.mouse.move(800, 400);
    await page.mouse.down();
    for (let x = 800; x > 740; x -= 3) await page.mouse.move(x, 400);
    await page.mouse.up();
    await until(page, `new URL(location).searchParams.has('from')`);
    await settled(page);
    expect(requests).toBeLessThanOrEqual(1);
    await page.context().close();
  });

  it('shows who was on at an instant: typed, dragged, found, sorted and exported', async () => {
    const page = await browser.open('/at');
    await settled(page);
    await page.getByRole('textbox', { name: 'Time' }).fill('yesterday 12:00');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/at?activeAt=*');
    await settled(page);
    const before = page.url();
    await page.getByLabel('Time of the day').focus();
    await page.keyboard.press('ArrowRight');
    await until(page, `location.href !== ${JSON.stringify(before)}`);
    await page.goto(`/at?activeAt=${iso(Math.floor(now / DAY) * DAY - 2 * DAY + 10 * HOUR)}`);
    await settled(page);
    const rows = page.locator('tbody tr');
    const all = await rows.count();
    expect(all).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'Machine' }).click();
    const machines = await rows.locator('td:nth-child(2)').allInnerTexts();
    expect(machines).toEqual([...machines].sort());
    await page.getByLabel('Find in the list…').fill(machines[0]!);
    expect(await rows.count()).toBeLessThan(all);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(
      readFileSync(await file.path(), 'utf8')
        .trim()
        .split('\n').length,
    ).toBe(all + 1);
    await page.context().close();
  });

  it('shows a session, finds text in its activities, and verifies and downloads its evidence', async () => {
    const page = await browser.open('/at');
    const found = (await page.evaluate(
      `fetch('/api/v1/sessions?order=desc&limit=50&application=EXCEL.EXE&from=${iso(now - 5 * DAY)}', { headers: { 'X-Session-Audit-Console': '1' } }).then((answer) => answer.json())`,
    )) as { items: { sessionId: number }[] };
    await page.goto(`/sessions/${found.items[0]!.sessionId}`);
    await settled(page);
    await page.getByLabel('Text in titles and addresses…').fill('BUDGET');
    const others =
      "[...document.querySelectorAll('[aria-label=Activities] tbody tr')].filter((row) => !/budget/i.test(row.innerText))";
    await until(page, `${others}.length === 0`);
    expect(await page.locator('[aria-label=Activities] tbody tr').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByText('Nothing was changed').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toMatchObject({
      sessionId: found.items[0]!.sessionId,
    });
    await page.context().close();
  });

  it('shows users on two machines at once', async () => {
    const page = await browser.open('/overlaps');
    await settled(page);
    await page.locator('.uplot canvas').waitFor();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(1);
    await page.locator('tbody a').first().click();
    await page.waitForURL('**/timeline?*userId=*');
    await page.context().close();
  });

  it('shows active time by day, user, application and site, for a machine', async () => {
    const page = await browser.open('/statistics');
    await settled(page);
    await page.locator('.uplot canvas').waitFor();
    for (const name of ['Users', 'Applications', 'Sites'])
      expect(await page.getByRole('region', { name, exact: true }).locator('li').count()).toBeGreaterThan(2);
    await page.getByRole('combobox', { name: 'Machine…' }).fill('acc-01');
    await page.getByRole('option', { name: 'WS-ACC-01' }).click();
    await page.waitForURL('**/statistics?client=*');
    await settled(page);
    expect(await page.getByRole('region', { name: 'Users', exact: true }).locator('li').allInnerTexts()).toEqual([
      expect.stringContaining('anna.berg'),
    ]);
    await page.context().close();
  });

  it('shows who read a user, and verifies the audit and the change log', async () => {
    const page = await browser.open('/audit?view=reads');
    await page.getByRole('combobox', { name: 'User…' }).fill('berg');
    await page.getByRole('option', { name: 'anna.berg' }).click();
    await page.locator('tbody tr').first().waitFor();
    await page.getByRole('link', { name: 'Integrity' }).click();
    for (const name of ['Chain of the audit', 'Change log of the sessions']) {
      const card = page.getByRole('region', { name });
      await card.getByRole('button', { name: 'Verify now' }).click();
      await card.getByText('Intact').waitFor();
    }
    await page.context().close();
  });

  it('creates a key that is shown once, and revokes it', async () => {
    const page = await browser.open('/admin');
    await page.getByRole('button', { name: 'Create a key' }).click();
    await page.getByLabel('Name').fill('for a test');
    await page.getByRole('dialog').getByRole('button', { name: 'Create a key' }).click();
    const created = await page.locator('.secret').innerText();
    expect(created).toMatch(/^sak_/);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    expect(await page.content()).not.toContain(created);
    const row = page.locator('tbody tr', { hasText: 'for a test' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.waitFor({ state: 'detached' });
    const answer = await fetch(`${app.url}/api/v1/sessions`, { headers: { ApiKey: created } });
    expect(answer.status).toBe(401);
    await page.context().close();
  });

  it.each(PAGES)('has no violation of WCAG 2.2 AA in light and dark, and fits a narrow phone: %s', async (path) => {
    const page = await browser.open(path, {}, path !== '/login');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      expect(await axeViolations(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await settled(page);
    expect(await tooWide(page)).toEqual([]);
    await page.context().close();
  });

  it('has its menu on a phone', async () => {
    const page = await browser.open('/timeline', { width: 390, height: 844, hasTouch: true });
    await page.getByRole('button', { name: 'Menu' }).tap();
    await page.getByRole('link', { name: 'At this instant' }).tap();
    await page.waitForURL('**/at');
    await page.context().close();
  });

  it('shows markup in every field that ingestion accepts as text', async () => {
    const page = await browser.open(`/at?activeAt=${iso(now - 1.5 * HOUR)}`);
    await settled(page);
    await page.getByRole('link', { name: '!u' }).click();
    await page.waitForURL('**/sessions/*');
    await settled(page);
    for (const text of ['alert(1)', 'javascript:alert(6)']) await page.getByText(text).first().waitFor();
    expect(await page.locator('main img, main script, main a[href^=javascript]').count()).toBe(0);
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByText('Nothing was changed').waitFor();
    for (const path of [`/at?activeAt=${iso(now - 1.5 * HOUR)}`, '/timeline', '/admin?view=sources', '/audit']) {
      await page.goto(path);
      await settled(page);
      expect(await page.locator('main img, main script').count()).toBe(0);
    }
    await page.goto('/timeline');
    await page.getByRole('button', { name: 'Table' }).click();
    await page.getByText('!m"').first().waitFor();
    await page.getByRole('combobox', { name: 'User…' }).fill('!u');
    await page.getByRole('listbox').getByRole('option').first().click();
    await page.getByRole('button', { name: /Remove the filter/ }).waitFor();
    await page.context().close();
  });

  it('loads at most 100 kB of compressed scripts before the timeline is painted', async () => {
    const page = await browser.open('/timeline');
    await settled(page);
    const scripts = (await page.evaluate(
      `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((name) => name.endsWith('.js'))`,
    )) as string[];
    const folder = 'dist/web/assets';
    const compressed = new Set(readdirSync(folder).filter((name) => name.endsWith('.js.gz')));
    const size = (path: string) => {
      const name = path.split('/').at(-1)!;
      return readFileSync(`${folder}/${compressed.has(`${name}.gz`) ? `${name}.gz` : name}`).length;
    };
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.reduce((sum, path) => sum + size(path), 0)).toBeLessThan(100_000);
    await page.context().close();
  });
});

/** Waits until the value of a script is true. Playwright would evaluate it in the page, where the policy forbids it. */
async function until(page: Page, script: string): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; await page.waitForTimeout(50))
    if (await page.evaluate(script)) return;
  throw new Error(`never true: ${script} at ${page.url()}`);
}

/** Number of different colours of the timeline, so that an empty canvas is found. */
function colours(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('.frame canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  })()`);
}

const focused = (page: Page) => page.evaluate('document.activeElement.textContent.trim()');
const role = (page: Page) => page.evaluate('document.activeElement.getAttribute("role")');
