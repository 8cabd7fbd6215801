import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, type Page, type Request, chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'];
const DESKTOP = { width: 1280, height: 800 };

export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly hasTouch?: boolean;
}

/** A browser with the console, which notes whatever must not happen on any page. */
export class ConsoleBrowser {
  /** Errors of scripts and of the console, violations of the content security policy, requests to other origins, dialogs. */
  readonly faults: string[] = [];
  /** Calls that have no answer yet. */
  private readonly pending = new Set<Request>();
  private state: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;

  private constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  static async launch(executablePath: string, url: string): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(await chromium.launch({ executablePath, args: ARGS }), url);
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  /** Logs in with a key on the login page; later pages are logged in, too. */
  async login(key: string): Promise<void> {
    const page = await this.open('/login', {}, false);
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.waitForURL('**/timeline*');
    this.state = await page.context().storageState();
    await page.context().close();
  }

  /** A page in a browser context without anything of others. */
  async open(path: string, view: View = {}, loggedIn = true): Promise<Page> {
    const { width = DESKTOP.width, height = DESKTOP.height, ...rest } = view;
    const context = await this.browser.newContext({
      ...{ viewport: { width, height }, baseURL: this.url, acceptDownloads: true, ...rest },
      ...(loggedIn && { storageState: this.state! }),
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    this.watch(page);
    await page.goto(path);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    return page;
  }

  /** Waits until the page has what it asked for, and asks for nothing more. */
  async settle(page: Page): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      await page.waitForTimeout(60);
      quiet = this.pending.size === 0 ? quiet + 1 : 0;
    }
    await page.getByText('Loading…').first().waitFor({ state: 'hidden' });
  }

  private watch(page: Page): void {
    page.on('pageerror', (error) => this.faults.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // Chromium reports each answer of 400 and above; before a login there is none without.
      const isAnswer = /Failed to load resource.*(401|400)/.test(message.text());
      if (message.type() === 'error' && !isAnswer) this.faults.push(`console: ${message.text()}`);
    });
    page.on('requestfinished', (request) => this.pending.delete(request));
    page.on('requestfailed', (request) => this.pending.delete(request));
    page.on('close', () => this.pending.clear());
    page.on('request', (request) => {
      this.pending.add(request);
      const isOwn = request.url().startsWith(`${this.url}/`) || request.url().startsWith(`blob:${this.url}/`);
      if (!isOwn) this.faults.push(`request to ${request.url()}`);
    });
  }
}

/** Violations of WCAG 2.2 A and AA that axe-core finds, each with the elements. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | '));
  })()`);
}

/** Elements that reach beyond the right edge, apart from what scrolls within itself. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((e) => e.getClientRects().length > 0 && e.getBoundingClientRect().right > innerWidth + 1)
    .filter((e) => !e.closest('.table-scroll, .visually-hidden, [data-scroll-x], .uplot'))
    .map((e) => e.tagName + '.' + e.className)`);
}
