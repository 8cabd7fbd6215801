import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

const NOW_MS = Date.parse('2026-03-02T09:00:00Z');
const YESTERDAY = '2026-03-01';

const executablePath = process.env.TEST_CHROMIUM ?? '';
const inBrowser = executablePath === '' ? describe.skip : describe;

inBrowser('the documentation page in a real browser', () => {
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(engines[0]!, {}, { nowMs: () => NOW_MS });
    key = await app.key('sessions:read', 'ingest:write');
    await ingest(app.url, key, [
      {
        ...{ externalId: 's1', clientGuid: 'machine-of-the-test', clientName: 'm', userName: 'alice' },
        ...{ loginDate: `${YESTERDAY}T09:30:00Z`, logoutDate: `${YESTERDAY}T10:15:00Z` },
        activities: [{ at: `${YESTERDAY}T10:03:00Z` }],
      },
    ]);
  });
  afterAll(() => app?.close());

  it('takes the key under Authorize, runs the sessions request and shows its rows', async () => {
    const browser = await launch();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(`${app.url}/docs`);
      await page.click('button.authorize');
      await page.locator('.auth-container', { hasText: 'ApiKey' }).locator('input').first().fill(key);
      await page.locator('.auth-container', { hasText: 'ApiKey' }).locator('button.authorize').first().click();
      await page.click('button.btn-done');
      const operation = page.locator('.opblock', { hasText: '/ekranapi/sessions' }).first();
      await operation.locator('.opblock-summary').click();
      await operation.locator('button.execute').click();
      const rows = operation.locator('.live-responses-table .response-col_description pre').first();
      await rows.waitFor();
      const text = await rows.innerText();
      expect(text).toContain('machine-of-the-test');
      expect(text).toContain(`${YESTERDAY}T09:30:00.000+00:00`);
      expect(await operation.locator('.live-responses-table .response-col_status').nth(1).innerText()).toContain('200');
      expect(faults).toEqual([]);
      mkdirSync('.test', { recursive: true });
      await page.screenshot({ path: '.test/docs-page.png' });
    } finally {
      await browser.close();
    }
  });

  it('fits a phone that is 390 pixels wide, with an operation and its answer open', async () => {
    const browser = await launch();
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      await page.goto(`${app.url}/docs`);
      for (const name of ['/ekranapi/sessions', '/api/v1/ingest/sessions', '/api/v1/audit/records']) {
        const operation = page.locator('.opblock', { hasText: name }).first();
        await operation.locator('.opblock-summary').click();
        await operation.locator('button.execute').click();
        await operation.locator('.live-responses-table').first().waitFor();
      }
      // Swagger UI puts scroll bars on its own parts, so the width of the page alone tells nothing.
      const tooWide = `[...document.querySelectorAll('.swagger-ui, .swagger-ui *')]
        .filter((e) => e.getBoundingClientRect().right > 390 && e.getClientRects().length > 0)
        .map((e) => e.tagName + '.' + e.className)`;
      expect(await page.evaluate(tooWide)).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

function launch() {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  return chromium.launch({ executablePath, args });
}
