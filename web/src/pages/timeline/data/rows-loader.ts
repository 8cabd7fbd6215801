import { getJson } from '../../../api/client.js';
import { instantParameter, type Query } from '../../../api/query.js';
import { type FetchWindow, covers, fetchWindow, serves } from '../view/fetch-window.js';
import type { View } from '../view/view.js';
import { type DataSet, PAGE_ROWS } from './data-set.js';
import { KeptSets } from './kept-sets.js';
import { type Row, type RowKind, type RowsAnswer, rowOf } from './model.js';

/** After the last movement, so that a movement needs one request and not one for each frame. */
const DEBOUNCE_MS = 140;
/** The same while everything visible is loaded, and only its surroundings are missing. */
const AHEAD_MS = 600;

export interface Question {
  readonly kind: RowKind;
  readonly filters: Query;
  /** Whether machines or users without a session have a row. */
  readonly withEmpty: boolean;
}

export interface Needed {
  readonly view: View;
  readonly question: Question;
  readonly firstRow: number;
  readonly lastRow: number;
}

interface Handlers {
  readonly onData: (data: DataSet) => void;
  readonly onProblem: (error: unknown) => void;
  readonly onBusy: (busy: boolean) => void;
}

/** Keeps the rows of the visible window loaded. What is shown stays until everything visible of the next window is there. */
export class RowsLoader {
  private data: DataSet | undefined;
  private needed: Needed | undefined;
  private readonly kept = new KeptSets();
  private controller: AbortController | undefined;
  private pending = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly handlers: Handlers) {}

  /** Call on every movement; it is cheap while the loaded rows serve. */
  need(needed: Needed): void {
    const isFirst = this.needed === undefined || keyOf(this.needed.question) !== keyOf(needed.question);
    this.needed = needed;
    this.recall(needed);
    const missing = this.missing(needed);
    if (missing === undefined) return;
    if (missing.key === this.pending) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.load(), isFirst ? 0 : this.delayFor(needed, missing.isSame));
  }

  private delayFor({ view }: Needed, isSame: boolean): number {
    return !isSame && this.data && covers(this.data.window, view) ? AHEAD_MS : DEBOUNCE_MS;
  }

  /** Shows rows again that were loaded a moment ago for another window. */
  private recall({ view, question }: Needed): void {
    const name = keyOf(question);
    if (this.data?.question === name && serves(this.data.window, view)) return;
    const kept = this.kept.find(name, view, Date.now());
    if (!kept) return;
    this.data = kept;
    this.handlers.onData(kept);
  }

  /** Loads what is visible again, for instance because time went on. */
  refresh(): void {
    if (!this.needed || this.pending !== '') return;
    void this.load(true);
  }

  close(): void {
    clearTimeout(this.timer);
    this.controller?.abort();
  }

  private missing({ view, question, firstRow, lastRow }: Needed, fresh = false) {
    const name = keyOf(question);
    const isSame = !fresh && this.data?.question === name && serves(this.data.window, view);
    const window = isSame ? this.data!.window : fetchWindow(view);
    const known = isSame ? this.data!.pages : new Map<number, readonly Row[]>();
    const last = isSame ? Math.min(lastRow, this.data!.total - 1) : lastRow;
    const pages: number[] = [];
    for (let page = Math.floor(firstRow / PAGE_ROWS); page <= Math.floor(Math.max(last, firstRow) / PAGE_ROWS); page++)
      if (!known.has(page)) pages.push(page);
    if (pages.length === 0) return undefined;
    return { name, window, known, pages, isSame, key: `${name} ${window.from} ${window.to} ${pages.join()}` };
  }

  private async load(fresh = false): Promise<void> {
    const needed = this.needed!;
    const missing = this.missing(needed, fresh);
    if (!missing) return;
    this.controller?.abort();
    const controller = (this.controller = new AbortController());
    this.pending = missing.key;
    this.handlers.onBusy(true);
    try {
      const { name, window, known, pages, isSame } = missing;
      const asked = (page: number) => this.page(needed.question, window, page, !isSame, controller.signal);
      const answers = await Promise.all(pages.map(asked));
      if (controller.signal.aborted) return;
      const all = new Map(known);
      answers.forEach(({ items }, i) => all.set(pages[i]!, items.map(rowOf)));
      const total = answers.find((answer) => answer.total !== undefined)?.total ?? this.data!.total;
      this.data = { question: name, window, total, pages: all, loadedAt: isSame ? this.data!.loadedAt : Date.now() };
      this.kept.add(this.data);
      this.finish();
      this.handlers.onData(this.data);
      this.need(this.needed!);
    } catch (error) {
      if (controller.signal.aborted) return;
      this.finish();
      this.handlers.onProblem(error);
    }
  }

  private finish(): void {
    this.pending = '';
    this.handlers.onBusy(false);
  }

  private page(question: Question, { from, to, width }: FetchWindow, page: number, counts: boolean, signal: AbortSignal) {
    return getJson<RowsAnswer>('/api/v1/timeline/rows', {
      signal,
      query: {
        ...{ from: instantParameter(from), to: instantParameter(to), width, groupBy: question.kind },
        ...{ limit: PAGE_ROWS, offset: page === 0 ? undefined : page * PAGE_ROWS, count: counts ? 'exact' : undefined },
        ...(question.withEmpty && { empty: 'true' }),
        ...question.filters,
      },
    });
  }
}

function keyOf(question: Question): string {
  return JSON.stringify([question.kind, question.withEmpty, question.filters]);
}
