import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { toInstantText } from '../../common/instant.js';
import { TimeZone } from '../../common/time-zone.js';
import { AppConfig } from '../../config/app-config.js';
import { type Snapshot, Snapshots } from '../../database/snapshots.js';
import { clip, crossesEnd, crossesStart } from './clip.js';
import { type Position, type SessionRow, SessionsQueries } from './sessions.queries.js';
import type { TimeWindow } from './time-window.js';

/** Rows of one page: long enough to keep the server busy, short enough for memory and for an embedded database's thread. */
const PAGE = 4000;
/** Sessions whose activities are looked up in one statement. */
const LOOKUP = 1000;

/** A session as a window sees it, its dates as text of the API's zone. */
export interface WindowedSession {
  readonly clientGuid: string;
  readonly logoutDate: string | null;
  readonly loginDate: string;
  readonly sessionId: number;
  readonly userId: number;
}

@Injectable()
export class SessionsService {
  readonly zone: TimeZone;

  constructor(
    private readonly snapshots: Snapshots,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {
    this.zone = new TimeZone(config.API_TIME_ZONE);
  }

  /**
   * The sessions of a window from one consistent snapshot, a page at a time, in the order of (login, id). The connection
   * is given back when the iteration ends, however it ends.
   */
  async *inWindow(window: TimeWindow, signal: AbortSignal): AsyncGenerator<WindowedSession[]> {
    const snapshot = await this.snapshots.open(signal);
    try {
      yield* this.pages(window, snapshot);
    } finally {
      await snapshot.release();
    }
  }

  private async *pages(window: TimeWindow, snapshot: Snapshot): AsyncGenerator<WindowedSession[]> {
    const now = this.clock.nowMs();
    const { lostAfterMs } = this.config;
    const queries = new SessionsQueries(
      snapshot,
      lostAfterMs === null ? null : toInstantText(Math.max(0, now - lostAfterMs)),
    );
    const nowText = toInstantText(now);
    // All that were open at the start began before any that began in the window, so they come first.
    const open = window.start === null ? [] : await queries.openAt(window.start);
    for (let i = 0; i < open.length; i += PAGE) {
      yield await this.clipped(open.slice(i, i + PAGE), window, queries, nowText);
    }
    for (let position: Position | null = null; ;) {
      const rows: SessionRow[] = await queries.begunIn(window, position, PAGE);
      if (rows.length > 0) yield await this.clipped(rows, window, queries, nowText);
      if (rows.length < PAGE) return;
      const [id, , , login] = rows[rows.length - 1]!;
      position = { login, id };
    }
  }

  private async clipped(
    rows: SessionRow[],
    window: TimeWindow,
    queries: SessionsQueries,
    now: string,
  ): Promise<WindowedSession[]> {
    const crossing: number[] = [];
    for (const [id, , , login, end] of rows) {
      const span = { login, end };
      if (crossesStart(span, window) || crossesEnd(span, window, now)) crossing.push(id);
    }
    const bounds = new Map();
    for (let i = 0; i < crossing.length; i += LOOKUP) {
      for (const [id, found] of await queries.activityBounds(crossing.slice(i, i + LOOKUP), window))
        bounds.set(id, found);
    }
    const format = this.zone.formatter();
    return rows.map(([sessionId, clientGuid, userId, rowLogin, rowEnd]) => {
      const { login, end } = clip({ login: rowLogin, end: rowEnd }, window, bounds.get(sessionId) ?? null, now);
      return { clientGuid, logoutDate: end === null ? null : format(end), loginDate: format(login), sessionId, userId };
    });
  }
}
