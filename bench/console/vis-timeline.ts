import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Driver } from './drive.js';
import type { Measured } from './measured.js';

/** Within the package. The standalone build contains all that it needs. */
const SCRIPT = 'standalone/umd/vis-timeline-graph2d.min.js';
const STYLE = 'styles/vis-timeline-graph2d.min.css';
/** It is not a dependency, because it brings nine others for a comparison. */
export const INSTALL =
  'npm install --legacy-peer-deps --prefix ../vis vis-timeline, then add --vis ../vis/node_modules/vis-timeline';

interface Bar {
  readonly start: string;
  readonly end: string | null;
}

/** What the page of the console got from the server. */
export interface Answer {
  readonly items: readonly {
    readonly client?: { readonly guid: string; readonly name: string };
    readonly bars: Bar[];
  }[];
}

/** Draws bars of the console with vis-timeline. @param folder its package */
export async function measureVis(
  browser: Browser,
  folder: string,
  { items }: Answer,
  { from, to, panSeconds, minutes }: { from: string; to: string; panSeconds: number; minutes: number },
): Promise<Measured> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  await page.setContent('<!doctype html><div id="timeline"></div>');
  await page.addStyleTag({ path: join(folder, STYLE) });
  await page.addScriptTag({ path: join(folder, SCRIPT) });
  const groups = items.map(({ client }) => ({ id: client!.guid, content: client!.name }));
  const bars = items.flatMap(({ client, bars: all }) =>
    all.map(({ start, end }) => ({ group: client!.guid, start, end: end ?? to, type: 'range', content: '' })),
  );
  const given = JSON.stringify({ groups, bars, options: { height: '860px', stack: false, start: from, end: to } });
  const paintMs = (await page.evaluate(`new Promise((resolve) => {
    const { groups, bars, options } = ${given};
    const begin = performance.now();
    const timeline = new vis.Timeline(document.getElementById('timeline'), bars, groups, options);
    timeline.on('changed', () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin))));
  })`)) as number;
  const driver = await Driver.on(page, '.vis-panel.vis-center', 0);
  const frameMs = await driver.frames(panSeconds);
  const heapBefore = await driver.heap();
  await driver.look(minutes * 60);
  const heapAfter = await driver.heap();
  await page.close();
  return { paintMs, frameMs, heapBefore, heapAfter, bars: bars.length };
}
