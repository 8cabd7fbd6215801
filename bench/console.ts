// npm run bench:console [-- --minutes 15] [--sessions 20000] [--vis FOLDER] [--url URL --key KEY --from DATE --to DATE]
// Measures the timeline of the console in Chromium, and vis-timeline with the same bars. Without --url it starts a server
// with an SQLite database of its own.
import { parseArgs } from 'node:util';
import { type Browser, type Page, chromium } from 'playwright-core';
import { provideChromium } from '../test/support/browser.mjs';
import { Driver } from './console/drive.js';
import type { Measured } from './console/measured.js';
import { type ConsoleServer, privateServer } from './console/private-server.js';
import { type Answer, INSTALL, measureVis } from './console/vis-timeline.js';
import { median } from './support/median.js';
import { count, inMiB, inMs, printProgress, printTable } from './support/report.js';

const DAY_MS = 86_400_000;
/** Width of the names beside the bars. */
const GUTTER = 190;
const PAN_SECONDS = 20;
const LOADS = 5;

const { values } = parseArgs({
  options: {
    ...{ url: { type: 'string' }, key: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
    ...{
      minutes: { type: 'string', default: '15' },
      vis: { type: 'string' },
      sessions: { type: 'string', default: '20000' },
    },
  },
});
const minutes = Number(values.minutes);
const panSeconds = Math.min(PAN_SECONDS, minutes * 60);
const to = values.to ?? new Date(Date.now() - DAY_MS).toISOString();
const from = values.from ?? new Date(Date.parse(to) - DAY_MS).toISOString();

printProgress(values.url ? `measuring ${values.url}` : `seeding ${values.sessions} sessions`);
const server = await serverOf();
const browser = await chromium.launch({ executablePath: provideChromium(), args: ['--no-sandbox'] });
try {
  const { ours, answer, looks } = await measureConsole(browser);
  printProgress('vis-timeline');
  const vis = values.vis ? await measureVis(browser, values.vis, answer, { from, to, panSeconds, minutes }) : undefined;
  printTable(
    'Timeline of a day, 1,600 pixels',
    ['', 'console', 'vis-timeline'],
    [
      ['bars', count(ours.bars), vis ? count(vis.bars) : '—'],
      ['first useful paint', inMs(ours.paintMs), vis ? `${inMs(vis.paintMs)}, without loading` : '—'],
      [`frame while panning ${panSeconds} s, p95`, inMs(ours.frameMs), vis ? inMs(vis.frameMs) : '—'],
      ['heap before', inMiB(ours.heapBefore), vis ? inMiB(vis.heapBefore) : '—'],
      [`heap after ${minutes} min of looking`, inMiB(ours.heapAfter), vis ? inMiB(vis.heapAfter) : '—'],
    ],
  );
  if (!vis) console.log(`\nFor vis-timeline: ${INSTALL}`);
  console.log(
    `\nLooking made ${count(looks.calls)} calls and ${looks.records ?? 'about ' + count(looks.calls * 2)} audit`,
  );
  console.log(`records a minute (${JSON.stringify(looks.byPath)}).`);
} finally {
  await browser.close();
  await server.close();
}

async function serverOf(): Promise<ConsoleServer> {
  if (!values.url) return privateServer(Number(values.sessions));
  if (!values.key) throw new Error('--url needs --key');
  return { url: values.url, key: values.key, auditRecords: () => undefined, close: () => Promise.resolve() };
}

async function measureConsole(chrome: Browser) {
  const context = await chrome.newContext({ viewport: { width: 1600, height: 900 }, baseURL: server.url });
  const page = await context.newPage();
  await page.goto('/login');
  await page.getByLabel('API key').fill(server.key);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/timeline*');
  const paints: number[] = [];
  let answer: Answer = { items: [] };
  for (let i = 0; i < LOADS; i++) {
    const rows = page.waitForResponse((one) => one.url().includes('/timeline/rows'));
    await page.goto(`/timeline?from=${from}&to=${to}`);
    answer = (await (await rows).json()) as Answer;
    paints.push(await painted(page));
  }
  const driver = await Driver.on(page, '.frame canvas', GUTTER);
  printProgress('panning');
  const frameMs = await driver.frames(panSeconds);
  const heapBefore = await driver.heap();
  printProgress(`looking for ${minutes} minutes`);
  const looks = await countLooks(page, () => driver.look(minutes * 60));
  const bars = answer.items.reduce((sum, { bars: all }) => sum + all.length, 0);
  const ours: Measured = { paintMs: median(paints), frameMs, heapBefore, heapAfter: await driver.heap(), bars };
  await context.close();
  return { ours, answer, looks };
}

/** Milliseconds from the navigation to the first rows on the canvas. */
async function painted(page: Page): Promise<number> {
  for (;;) {
    const at = (await page.evaluate(
      `performance.getEntriesByName('timeline-painted')[0]?.startTime ?? null`,
    )) as number;
    if (at !== null) return at;
    await page.waitForTimeout(50);
  }
}

/** Calls of the API, and records that they make, a minute. */
async function countLooks(page: Page, look: () => Promise<void>) {
  const byPath: Record<string, number> = {};
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/')) byPath[pathname] = (byPath[pathname] ?? 0) + 1;
  });
  const [before, begin] = [server.auditRecords(), Date.now()];
  await look();
  await page.waitForTimeout(1_000);
  const perMinute = (n: number) => (n * 60_000) / (Date.now() - begin);
  const after = server.auditRecords();
  const records = before === undefined ? undefined : count(perMinute(after! - before));
  for (const path of Object.keys(byPath)) byPath[path] = Math.round(perMinute(byPath[path]!));
  return { calls: Object.values(byPath).reduce((a, b) => a + b, 0), records, byPath };
}
