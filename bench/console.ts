// npm run bench:console [-- --minutes 15] [--sessions 20000] [--vis FOLDER] [--url URL --key KEY --from DATE --to DATE]
// Measures the timeline of the console in Chromium, and vis-timeline with the same bars. Without --url it starts a server
// with an SQLite database of its own.
import { parseArgs } from 'node:util';
import { type Browser, type Page, type Request, chromium } from 'playwright-core';
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
  const { ours, answer, looks, scrubs } = await measureConsole(browser);
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
  printTable('A minute of looking', ['', 'movements', 'calls', 'audit records', 'by path'], [looks, scrubs].map(rowOf));
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
  const looks = await countLooks('panning and zooming', page, () => driver.look(minutes * 60));
  const bars = answer.items.reduce((sum, { bars: all }) => sum + all.length, 0);
  const ours: Measured = { paintMs: median(paints), frameMs, heapBefore, heapAfter: await driver.heap(), bars };
  await page.goto(`/at?activeAt=${from}`);
  const scrubs = await countLooks('the scrubber', page, () => scrub(page, Math.min(minutes, 1) * 60));
  await context.close();
  return { ours, answer, looks, scrubs };
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

/** Moves the scrubber by ten minutes, and looks for a second. @returns how many movements */
async function scrub(page: Page, seconds: number): Promise<number> {
  const end = Date.now() + seconds * 1_000;
  await page.getByLabel('Time of the day').focus();
  let i = 0;
  for (; Date.now() < end; i++) {
    for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(1_000);
  }
  return i;
}

interface Looks {
  readonly what: string;
  /** Each a minute. */
  readonly moves: number;
  readonly byPath: Readonly<Record<string, number>>;
  /** Undefined if only the server knows. */
  readonly records: number | undefined;
}

/** Movements, calls of the API, and records that they make, a minute. */
async function countLooks(what: string, page: Page, look: () => Promise<number>): Promise<Looks> {
  const byPath: Record<string, number> = {};
  const onRequest = (request: Request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/')) byPath[pathname] = (byPath[pathname] ?? 0) + 1;
  };
  page.on('request', onRequest);
  const [before, begin] = [server.auditRecords(), Date.now()];
  const moves = await look();
  const lengthMs = Date.now() - begin;
  const minute = (n: number) => Math.round((n * 60_000) / lengthMs);
  await page.waitForTimeout(1_000);
  page.off('request', onRequest);
  const after = server.auditRecords();
  const records = before === undefined ? undefined : minute(after! - before);
  for (const path of Object.keys(byPath)) byPath[path] = minute(byPath[path]!);
  return { what, moves: minute(moves), byPath, records };
}

function rowOf({ what, moves, byPath, records }: Looks): string[] {
  const calls = Object.values(byPath).reduce((a, b) => a + b, 0);
  const paths = Object.entries(byPath).map(([path, n]) => `${n} ${path}`);
  const made = records === undefined ? `about ${count(2 * calls)}` : count(records);
  return [what, count(moves), count(calls), made, paths.join(', ')];
}
