import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

const executablePath = process.env.TEST_CHROMIUM ?? '';
const inBrowser = executablePath === '' ? describe.skip : describe;

inBrowser('the documentation page in a real browser', () => {
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(engines[0]!);
    key = await app.key('sessions:read', 'ingest:write');
    await ingest(app.url, key, [
      {
        ...{ externalId: 's1', clientGuid: 'machine-of-the-test', clientName: 'm', userName: 'alice' },
        ...{
          loginDate: '2021-04-01T09:30:00Z',
          logoutDate: '2021-04-01T10:15:00Z',
          activities: [{ at: '2021-04-01T10:03:00Z' }],
        },
      },
    ]);
  });
  afterAll(() => app?.close());

  it('takes the key under Authorize, runs the sessions request and shows its rows', async () => {
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ];
    const browser = await chromium.launch({ executablePath, args });
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
      expect(text).toContain('2021-04-01T10:03:00.000+00:00');
      expect(await operation.locator('.live-responses-table .response-col_status').nth(1).innerText()).toContain('200');
      expect(faults).toEqual([]);
      mkdirSync('.test', { recursive: true });
      await page.screenshot({ path: '.test/docs-page.png' });
    } finally {
      await browser.close();
    }
  });
});
