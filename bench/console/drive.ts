import type { CDPSession, Page } from 'playwright-core';
import { percentile } from './percentile.js';

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const STEP_PIXELS = 12;

/** Moves a surface by dragging it, and measures the page meanwhile. */
export class Driver {
  private constructor(
    private readonly page: Page,
    private readonly area: Area,
    private readonly cdp: CDPSession,
  ) {}

  /** @param selector the surface; `gutter` pixels at its left are not part of it */
  static async on(page: Page, selector: string, gutter: number): Promise<Driver> {
    const box = (await page.locator(selector).first().boundingBox())!;
    const area = { x: box.x + gutter + 20, y: box.y + box.height / 2, width: box.width - gutter - 40 };
    return new Driver(page, area, await page.context().newCDPSession(page));
  }

  /** Drags over a part of the width. @param part negative = to the left, so later times come */
  async drag(part: number): Promise<void> {
    const { x, y, width } = this.area;
    const [from, to] = part < 0 ? [x + width, x + width * (1 + part)] : [x, x + width * part];
    await this.page.mouse.move(from, y);
    await this.page.mouse.down();
    const steps = Math.ceil(Math.abs(to - from) / STEP_PIXELS);
    for (let step = 1; step <= steps; step++) await this.page.mouse.move(from + ((to - from) * step) / steps, y);
    await this.page.mouse.up();
  }

  /** 95th percentile of the milliseconds between frames while the surface is dragged without a pause. */
  async frames(seconds: number): Promise<number> {
    await this.page.evaluate(`(() => {
      const times = (window.benchFrames = []);
      let last = performance.now();
      const frame = (now) => { times.push(now - last); last = now; if (window.benchFrames === times) requestAnimationFrame(frame); };
      requestAnimationFrame(frame);
    })()`);
    const end = Date.now() + seconds * 1_000;
    for (let i = 0; Date.now() < end; i++) await this.drag(i % 6 < 3 ? -0.6 : 0.6);
    const times = (await this.page.evaluate(
      '(() => { const times = window.benchFrames; window.benchFrames = null; return times; })()',
    )) as number[];
    return percentile(times.slice(1), 0.95);
  }

  /** Somebody who looks: drags, looks for a second, goes on, back, closer and further away. @returns how many movements */
  async look(seconds: number): Promise<number> {
    const end = Date.now() + seconds * 1_000;
    let i = 0;
    for (; Date.now() < end; i++) {
      if (i % 8 === 6) await this.zoom(i % 16 === 6 ? -300 : 300);
      else await this.drag(i % 8 < 4 ? -0.4 : 0.4);
      await this.page.waitForTimeout(1_000);
    }
    return i;
  }

  /** Bytes of the JavaScript heap after a garbage collection. */
  async heap(): Promise<number> {
    await this.cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.cdp.send('Runtime.getHeapUsage');
    return usedSize;
  }

  private async zoom(delta: number): Promise<void> {
    await this.page.mouse.move(this.area.x + this.area.width / 2, this.area.y);
    await this.page.keyboard.down('Control');
    await this.page.mouse.wheel(0, delta);
    await this.page.keyboard.up('Control');
  }
}
