import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { RawRows } from '../../platform/database/snapshots/raw-rows.js';
import { type Snapshot, ReadSnapshots } from '../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../platform/http/caller.js';
import { ConcurrencyLimiter } from '../../platform/limits/concurrency-limiter.js';
import { Clock } from '../../platform/time/clock.js';
import { toInstantText } from '../../platform/time/instant.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { DirectoryService } from '../directory/directory.service.js';
import type { Span } from './domain/clip.js';
import { MIN_INSTANT, type TimeWindow } from './domain/time-window.js';
import { type SessionSelection, SessionsRepository } from './sessions.repository.js';
import { ClientLogins, loginRange } from './windows/client-logins.js';
import { type Position, type SessionRow, decodeRows, indexAfter, positionAt } from './windows/session-row.js';
import { activityBoundsIn } from './windows/window-activities.js';
import { WindowClipper } from './windows/window-clipper.js';
import { type PageOptions, WindowReader, type WindowSessions } from './windows/window-reader.js';

/** Rows of a page: long enough to keep the database busy, short enough for memory and for the synchronous SQLite driver. */
const PAGE_ROWS = 4000;
/** Later pages of long answers that are fetched at the same time, over all callers. One leaves the database room for short windows. */
const CONCURRENT_PAGES = 1;

/** The window that a caller asks for. */
export interface WindowRequest {
  readonly window: TimeWindow;
  readonly rowScope: RowScope;
  /** Only sessions of this user; absent = of all. */
  readonly userId?: number | undefined;
}

/** A window at the instant of its request, which decides which sessions are live and which are lost. */
export interface WindowQuestion extends WindowRequest {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Consecutive sessions of a window, as they came from the database. */
export interface RawWindowPage {
  /** Fields as in `windows/session-row.ts`. */
  readonly rows: RawRows;
  /** By index of the row: login and end as the window shows them, where they differ from the true ones. */
  readonly clipped: ReadonlyMap<number, Span>;
  /** Of the snapshot. */
  readonly epoch: number;
  /** Looks clients up, by id, on the snapshot of the page. */
  readonly clients: (ids: readonly number[]) => Promise<ReadonlyMap<number, { readonly guid: string }>>;
}

/** Consecutive sessions of a window; login and end of each row are clipped. */
export interface WindowPage {
  readonly rows: readonly SessionRow[];
  /** True login and id of the last row. */
  readonly position: Position;
}

/** Reads the sessions of a window, clipped, in the order of (true login, id). */
@Injectable()
export class SessionsService {
  readonly zone: TimeZone;
  private readonly pageLimiter = new ConcurrencyLimiter(CONCURRENT_PAGES);

  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {
    this.zone = new TimeZone(config.API_TIME_ZONE);
  }

  /**
   * All sessions of a window, from one snapshot. The snapshot is released when the iteration ends, fails or is abandoned.
   *
   * @param prepare called before the first page
   */
  async *list(
    request: WindowRequest,
    signal: AbortSignal,
    prepare: (question: WindowQuestion, snapshot: Snapshot) => Promise<void> = async () => {},
  ): AsyncGenerator<RawWindowPage> {
    const question = { ...request, nowMs: this.clock.nowMs() };
    const snapshot = await this.snapshots.open(signal);
    try {
      await prepare(question, snapshot);
      const clients = (ids: readonly number[]) => this.directory.clients(ids, snapshot);
      const clipper = this.clipper(question, snapshot);
      const pages = await this.read(question, snapshot, { after: null, pageSize: PAGE_ROWS, readAhead: true });
      for await (const { rows, openAtStart } of pages)
        yield { rows, clipped: await clipper.clip(rows, openAtStart), clients, epoch: snapshot.epoch };
    } finally {
      await snapshot.release();
    }
  }

  /**
   * The same sessions as decoded rows, on a snapshot of the caller.
   *
   * @param options.after start after this session; null = with the first one
   */
  async *windowPages(
    question: WindowQuestion,
    snapshot: Snapshot,
    { after, pageSize, readAhead }: PageOptions = { after: null, pageSize: PAGE_ROWS, readAhead: true },
  ): AsyncGenerator<WindowPage> {
    const { start } = question.window;
    const startsInside = after !== null && (start === null || after.login >= start);
    const clipper = this.clipper(question, snapshot);
    const pages = await this.read(question, snapshot, { after: startsInside ? after : null, pageSize, readAhead });
    for await (const { rows, openAtStart } of pages) {
      const first = after === null || startsInside ? 0 : indexAfter(rows, after);
      for (let from = first; from < rows.count; from += pageSize) {
        const part = rows.slice(from, from + pageSize);
        const clipped = await clipper.clip(part, openAtStart);
        yield { rows: decodeRows(part, clipped), position: positionAt(part, part.count - 1) };
      }
    }
  }

  /**
   * The same sessions with their true login and effective end, as raw rows (`windows/session-row.ts`). A session that began
   * before the window is returned when it is open at its start.
   */
  async *unclippedPages(
    question: WindowQuestion,
    snapshot: Snapshot,
    options: PageOptions = { after: null, pageSize: PAGE_ROWS, readAhead: true },
  ): AsyncGenerator<RawRows> {
    for await (const { rows } of await this.read(question, snapshot, options)) yield rows;
  }

  /** The same for one user, only those that began after a position within the window. */
  async *loginsOfUser(
    question: WindowQuestion & { readonly userId: number },
    snapshot: Snapshot,
    { after, pageSize }: { readonly after: Position; readonly pageSize: number },
  ): AsyncGenerator<RawRows> {
    const selection = { ...(await this.selection(question, snapshot)), userId: question.userId };
    for (let position = after; ;) {
      const page = { after: position, limit: pageSize };
      const rows = await this.sessions.begunByUser(snapshot, question.window, page, selection);
      if (rows.count > 0) yield rows;
      if (rows.count < pageSize) return;
      position = positionAt(rows, rows.count - 1);
    }
  }

  /** Position of the n-th session of a window, from 1; null when the window has fewer. */
  async nthPosition(question: WindowQuestion, n: number, snapshot: Snapshot): Promise<Position | null> {
    const { window } = question;
    const selection = await this.selection(question, snapshot);
    const open = window.start === null ? null : await this.sessions.openAt(snapshot, window.start, selection);
    const openCount = open?.count ?? 0;
    if (open && n <= openCount) return positionAt(open, n - 1);
    if (selection.clientIds === null) return this.sessions.nthBegunIn(snapshot, window, n - openCount);
    const sessions = this.sessions.ofClients(snapshot, { ...selection, clientIds: selection.clientIds });
    return new ClientLogins(sessions, loginRange(window, null)).nth(n - openCount, PAGE_ROWS);
  }

  /** @throws Error when there is no such session */
  positionOf(sessionId: number, snapshot: Snapshot): Promise<Position> {
    return this.sessions.positionOf(snapshot, sessionId);
  }

  private async read(question: WindowQuestion, snapshot: Snapshot, options: PageOptions) {
    const { window } = question;
    const { start } = window;
    const selection = await this.selection(question, snapshot);
    const source = {
      openAtStart: start === null ? null : () => this.sessions.openAt(snapshot, start, selection),
      begunInside: this.begunInside(question, snapshot, selection, options.after),
    };
    return new WindowReader(source, this.pageLimiter).pages(options);
  }

  /** @param first position after which the first page starts */
  private begunInside(
    { window }: WindowQuestion,
    snapshot: Snapshot,
    selection: SessionSelection,
    first: Position | null,
  ): WindowSessions['begunInside'] {
    const { clientIds, userId } = selection;
    if (userId !== undefined) {
      const start = first ?? { login: window.start ?? MIN_INSTANT, id: 0 };
      const ofUser = { ...selection, userId };
      return (after, limit) => this.sessions.begunByUser(snapshot, window, { after: after ?? start, limit }, ofUser);
    }
    if (clientIds === null)
      return (after, limit) => this.sessions.begunIn(snapshot, window, { after, limit }, selection);
    const logins = new ClientLogins(
      this.sessions.ofClients(snapshot, { ...selection, clientIds }),
      loginRange(window, first),
    );
    return (_after, limit) => logins.next(limit);
  }

  private clipper({ window, nowMs }: WindowQuestion, snapshot: Snapshot): WindowClipper {
    const activities = activityBoundsIn(window, this.sessions, snapshot);
    return new WindowClipper(window, activities, toInstantText(nowMs));
  }

  private async selection({ rowScope, nowMs, userId }: WindowQuestion, snapshot: Snapshot): Promise<SessionSelection> {
    const { lostAfterMs } = this.config;
    return {
      clientIds: rowScope === null ? null : await this.directory.clientIds(rowScope, snapshot),
      lostBefore: lostAfterMs === null ? null : toInstantText(Math.max(0, nowMs - lostAfterMs)),
      userId,
    };
  }
}
