import { encodeRows, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import { ConcurrencyLimiter } from '../../../platform/limits/concurrency-limiter.js';
import { positionAt } from './session-row.js';
import { WindowReader, type WindowSessions } from './window-reader.js';

const PAGE = { after: null, pageSize: 2, readAhead: true };

function rows(...ids: number[]): RawRows {
  return encodeRows(ids.map((id) => [id, 1, 1, `2021-04-01 10:00:00.${String(id).padStart(3, '0')}`, null]));
}

const immediate = () => new Promise(setImmediate);

/** An endless window. The test decides when a fetch completes. */
class Window implements WindowSessions {
  readonly openAtStart = null;
  readonly pending: (() => void)[] = [];
  fetched = 0;

  begunInside(): Promise<RawRows> {
    const first = 2 * ++this.fetched;
    return new Promise((resolve) => this.pending.push(() => resolve(rows(first - 1, first))));
  }
}

describe('WindowReader', () => {
  it('reads the sessions open at the start first, then page after page', async () => {
    const asked: (number | null)[] = [];
    const window: WindowSessions = {
      openAtStart: async () => rows(1, 2, 3),
      begunInside: async (after) => {
        asked.push(after?.id ?? null);
        return after === null ? rows(4, 5) : rows(6);
      },
    };
    for (const readAhead of [true, false]) {
      const reader = new WindowReader(window, new ConcurrencyLimiter(1));
      const pages: [number, boolean][] = [];
      for await (const page of reader.pages({ ...PAGE, readAhead }))
        pages.push([positionAt(page.rows, page.rows.count - 1).id, page.openAtStart]);
      expect(pages).toEqual([
        [3, true],
        [5, false],
        [6, false],
      ]);
    }
    expect(asked).toEqual([null, 5, null, 5]);
  });

  it('ends only after a page that was fetched ahead, when the caller stops early', async () => {
    const window = new Window();
    const pages = new WindowReader(window, new ConcurrencyLimiter(1)).pages(PAGE);
    const first = pages.next();
    window.pending.shift()!();
    await first;
    expect(window.pending).toHaveLength(1);
    let ended = false;
    const end = pages.return(undefined).then(() => (ended = true));
    await immediate();
    expect(ended).toBe(false);
    window.pending.shift()!();
    await end;
  });

  it('never sends a page that is still queued when the caller stops', async () => {
    const window = new Window();
    const limiter = new ConcurrencyLimiter(1);
    const release = await limiter.acquire();
    const pages = new WindowReader(window, limiter).pages(PAGE);
    for (let page = 0; page < 3; page++) {
      const next = pages.next();
      await immediate();
      window.pending.shift()!();
      await next;
    }
    expect(window.fetched).toBe(3);
    await pages.return(undefined);
    release();
    await immediate();
    expect(window.fetched).toBe(3);
    expect(limiter.idle).toBe(true);
  });

  it('fetches nothing ahead when not asked to', async () => {
    const window = new Window();
    const pages = new WindowReader(window, new ConcurrencyLimiter(1)).pages({ ...PAGE, readAhead: false });
    const first = pages.next();
    window.pending.shift()!();
    await first;
    await immediate();
    expect(window.fetched).toBe(1);
    await pages.return(undefined);
  });

  it('reports a page that failed ahead when it is asked for', async () => {
    const window: WindowSessions = {
      openAtStart: null,
      begunInside: async (after) => {
        if (after !== null) throw new Error('the connection was lost');
        return rows(1, 2);
      },
    };
    const pages = new WindowReader(window, new ConcurrencyLimiter(1)).pages(PAGE);
    await pages.next();
    await immediate();
    await expect(pages.next()).rejects.toThrow('the connection was lost');
  });
});
