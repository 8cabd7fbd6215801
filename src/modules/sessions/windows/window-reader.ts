import type { ConcurrencyLimiter } from '../../../platform/limits/concurrency-limiter.js';
import type { Position, SessionsQueries, Statement } from './sessions.queries.js';
import type { TimeWindow } from '../domain/time-window.js';

/** How rows are wanted: as values, or as raw bytes. */
export interface RowForm<Rows> {
  read(statement: Statement): Promise<Rows>;
  count(rows: Rows): number;
  /** True login and id of the last row. */
  position(rows: Rows): Position;
}

export interface PageOfRows<Rows> {
  readonly rows: Rows;
  /** All of these were open at the start of the window; of the other pages, none began before it. */
  readonly openAtStart: boolean;
}

/** Pages that one reader may fetch before the limiter applies: more than a short answer needs. */
const UNLIMITED_PAGES = 3;

/**
 * Fetches the sessions of a window in the order of (login, id), page after page. All that were open at the start began
 * before any that began inside, so they come first. While one page is worked on, the next is fetched.
 */
export class WindowReader<Rows> {
  private fetched = 0;

  constructor(
    private readonly queries: SessionsQueries,
    private readonly form: RowForm<Rows>,
    private readonly limiter: ConcurrencyLimiter,
  ) {}

  /** @param after goes on behind this row, which began inside the window; null = from the first one */
  async *pages(window: TimeWindow, after: Position | null, pageSize: number): AsyncGenerator<PageOfRows<Rows>> {
    const openAt = window.start !== null && after === null ? this.queries.openAt(window.start) : null;
    const open = openAt && this.fetch(openAt);
    let next = this.fetch(this.queries.begunIn(window, after, pageSize));
    if (open) {
      const rows = await open;
      if (this.form.count(rows) > 0) yield { rows, openAtStart: true };
    }
    for (;;) {
      const rows = await next;
      const count = this.form.count(rows);
      if (count === pageSize) next = this.fetch(this.queries.begunIn(window, this.form.position(rows), pageSize));
      if (count > 0) yield { rows, openAtStart: false };
      if (count < pageSize) return;
    }
  }

  private fetch(statement: Statement): Promise<Rows> {
    const rows =
      ++this.fetched > UNLIMITED_PAGES ? this.limiter.run(() => this.form.read(statement)) : this.form.read(statement);
    // Whoever stops reading early does not wait for this page; its failure is nobody's then.
    rows.catch(() => undefined);
    return rows;
  }
}
