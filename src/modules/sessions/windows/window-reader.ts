import type { RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { ConcurrencyLimiter } from '../../../platform/limits/concurrency-limiter.js';
import { type Position, positionAt } from './session-row.js';

/** The sessions of one window, on one snapshot. */
export interface WindowSessions {
  /** Those that began before the start of the window and are open at it; null for a window without a start. */
  readonly openAtStart: (() => Promise<RawRows>) | null;
  /** One page of those that began within the window. */
  begunInside(after: Position | null, limit: number): Promise<RawRows>;
}

export interface PageOptions {
  /** Start after this session, which began within the window; null = with the first session of the window. */
  readonly after: Position | null;
  readonly pageSize: number;
  /** Fetch the next page while this one is processed. */
  readonly readAhead: boolean;
}

export interface WindowRows {
  readonly rows: RawRows;
  /** Either all of these sessions began before the start of the window, or none did. */
  readonly openAtStart: boolean;
}

/** The first statements of a window run at once, which is enough for a short answer; later ones share the limiter. */
const UNLIMITED_FETCHES = 3;

/**
 * Reads the sessions of a window, page after page, in the order of (login, id). Those that are open at the start began
 * before all others, so they come first.
 */
export class WindowReader {
  private fetches = 0;
  private isClosed = false;
  private readonly running = new Set<Promise<unknown>>();

  /** @param limiter shared by all long answers of the process */
  constructor(
    private readonly sessions: WindowSessions,
    private readonly limiter: ConcurrencyLimiter,
  ) {}

  /** When the caller stops early, this ends only after the running statement has: the snapshot is then free. */
  async *pages(options: PageOptions): AsyncGenerator<WindowRows> {
    try {
      yield* this.read(options);
    } finally {
      this.isClosed = true;
      await Promise.allSettled(this.running);
    }
  }

  private async *read({ after, pageSize, readAhead }: PageOptions): AsyncGenerator<WindowRows> {
    const page = (position: Position | null) => () => this.sessions.begunInside(position, pageSize);
    const { openAtStart } = this.sessions;
    const open = after === null && openAtStart ? this.fetch(openAtStart) : null;
    let next = readAhead || open === null ? this.fetch(page(after)) : null;
    if (open) {
      const rows = await open;
      if (rows.count > 0) yield { rows, openAtStart: true };
    }
    for (;;) {
      const rows: RawRows = await (next ?? this.fetch(page(after)));
      after = rows.count > 0 ? positionAt(rows, rows.count - 1) : after;
      next = readAhead && rows.count === pageSize ? this.fetch(page(after)) : null;
      if (rows.count > 0) yield { rows, openAtStart: false };
      if (rows.count < pageSize) return;
    }
  }

  private fetch(read: () => Promise<RawRows>): Promise<RawRows> {
    const fetched = ++this.fetches > UNLIMITED_FETCHES ? this.limiter.run(() => this.run(read)) : this.run(read);
    // A page fetched ahead may fail before it is awaited; the error is thrown when the page is requested.
    fetched.catch(() => undefined);
    return fetched;
  }

  private async run(read: () => Promise<RawRows>): Promise<RawRows> {
    // The caller stopped while this statement was queued; the snapshot may be released already.
    if (this.isClosed) throw new Error('The window is no longer read.');
    const rows = read();
    this.running.add(rows);
    try {
      return await rows;
    } finally {
      this.running.delete(rows);
    }
  }
}
