import type { CDPSession, Page } from 'playwright-core';
import { type ConsoleApp, startConsoleApp } from '../support/console-app.js';
import { ConsoleBrowser } from '../support/console-browser.js';
import { engines } from '../support/engines.js';

const executablePath = process.env.TEST_CHROMIUM ?? '';
const inBrowser = executablePath === '' ? describe.skip : describe;

const now = Date.now();
/** Width of the names before the window of the timeline. */
const GUTTER = 190;

interface Point {
  readonly x: number;
  readonly y: number;
}

inBrowser('the timeline by touch', () => {
  let app: ConsoleApp;
  let browser: ConsoleBrowser;
  let page: Page;
  let touch: CDPSession;

  beforeAll(async () => {
    app = await startConsoleApp(engines[0]!, now, []);
    browser = await ConsoleBrowser.launch(executablePath, app.url);
    await browser.login(await app.key('sessions:read'));
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });
  beforeEach(async () => {
    const day = new Date(now - 86_400_000).toISOString();
    page = await browser.open(`/timeline?from=${day}&to=${new Date(now).toISOString()}`, { hasTouch: true });
    await browser.settle(page);
    touch = await page.context().newCDPSession(page);
  });
  afterEach(async () => {
    await page.context().close();
    expect(browser.faults.splice(0)).toEqual([]);
  });

  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Point[]) =>
    touch.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: touchPoints.map((point, id) => ({ ...point, id })),
    });

  /** Moves fingers in a straight line, all at once. */
  async function drag(from: Point[], to: Point[]): Promise<void> {
    const address = page.url();
    await send('touchStart', from);
    for (let step = 1; step <= 12; step++)
      await send(
        'touchMove',
        from.map((start, i) => between(start, to[i]!, step / 12)),
      );
    await send('touchEnd', []);
    // The address follows once the view has stopped.
    await page.waitForURL(({ href }) => href !== address);
    await browser.settle(page);
  }

  async function canvas(): Promise<{ left: number; top: number; width: number }> {
    const box = (await page.locator('.frame canvas').boundingBox())!;
    return { left: box.x + GUTTER, top: box.y, width: box.width - GUTTER };
  }

  it('zooms with two fingers about the instant between them, and leaves the page as it is', async () => {
    const { left, top, width } = await canvas();
    const [middle, y] = [left + width / 4, top + 200];
    const fingers = (spread: number) => [
      { x: middle - spread / 2, y },
      { x: middle + spread / 2, y },
    ];
    const before = windowOf(page);
    await drag(fingers(100), fingers(400));
    const near = windowOf(page);
    expect(near.length / before.length).toBeCloseTo(1 / 4, 2);
    expect((near.from + near.length / 4 - before.from) / before.length).toBeCloseTo(1 / 4, 2);
    await drag(fingers(400), fingers(100));
    const after = windowOf(page);
    expect(after.length / before.length).toBeCloseTo(1, 2);
    expect((after.from - before.from) / before.length).toBeCloseTo(0, 2);
    expect(await page.evaluate('visualViewport.scale')).toBe(1);
  });

  it('moves with two fingers that keep their distance', async () => {
    const { left, top, width } = await canvas();
    const fingers = (x: number) => [
      { x, y: top + 200 },
      { x: x + 120, y: top + 200 },
    ];
    const before = windowOf(page);
    await drag(fingers(left + 100), fingers(left + 100 + width / 4));
    const after = windowOf(page);
    expect(after.length / before.length).toBeCloseTo(1, 2);
    expect((after.from - before.from) / before.length).toBeCloseTo(-1 / 4, 2);
  });

  it('moves with one finger', async () => {
    const { left, top, width } = await canvas();
    const before = windowOf(page);
    const start = { x: left + width / 2, y: top + 300 };
    await drag([start], [{ ...start, x: start.x - width / 4 }]);
    const after = windowOf(page);
    expect(after.length).toBe(before.length);
    expect((after.from - before.from) / before.length).toBeCloseTo(1 / 4, 1);
  });
});

function between(a: Point, b: Point, part: number): Point {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

function windowOf(page: Page): { from: number; length: number } {
  const { searchParams } = new URL(page.url());
  const [from, to] = ['from', 'to'].map((name) => Date.parse(searchParams.get(name)!)) as [number, number];
  return { from, length: to - from };
}
