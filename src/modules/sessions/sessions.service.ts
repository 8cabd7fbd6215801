import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../common/caller.js';
import { Clock } from '../../common/clock.js';
import { toInstantText } from '../../common/instant.js';
import { TimeZone } from '../../common/time-zone.js';
import { AppConfig } from '../../config/app-config.js';
import { type Snapshot, Snapshots } from '../../database/snapshots.js';
import { ClientGuidsService } from '../directory/client-guids.service.js';
import { type ActivityBounds, clip, crossesEnd, crossesStart } from './clip.js';
import { type Position, type SessionRow, SessionsQueries, clientIdsOf } from './sessions.queries.js';
import type { TimeWindow } from './time-window.js';

/** Rows of one page: long enough to keep the server busy, short enough for memory and for an embedded database's thread. */
const PAGE = 4000;
/** Sessions whose activities are looked up in one statement. */
const LOOKUP = 1000;

/** What is asked of a window, and by whom. */
export interface WindowQuestion {
  readonly window: TimeWindow;
  readonly rowScope: RowScope;
  /** The instant of the request, milliseconds since 1970: what is live, and what is lost. */
  readonly nowMs: number;
}

/** Sessions of a window in the order of (true login, id), clipped: login and end of each row are those of the window. */
export interface WindowPage {
  readonly rows: readonly SessionRow[];
  /** True login and id of the last row. */
  readonly position: Position;
}

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
    private readonly guids: ClientGuidsService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {
    this.zone = new TimeZone(config.API_TIME_ZONE);
  }

  /**
   * The sessions of a window from one consistent snapshot, a page at a time, in the order of (login, id). The connection
   * is given back when the iteration ends, however it ends.
   */
  async *inWindow(window: TimeWindow, rowScope: RowScope, signal: AbortSignal): AsyncGenerator<WindowedSession[]> {
    const question = { window, rowScope, nowMs: this.clock.nowMs() };
    const snapshot = await this.snapshots.open(signal);
    const format = this.zone.formatter();
    try {
      for await (const { rows } of this.windowPages(question, snapshot)) {
        const guidOf = await this.guids.of(
          rows.map((row) => row[1]),
          snapshot,
        );
        yield rows.map(([sessionId, clientId, userId, login, end]) => ({
          clientGuid: guidOf(clientId),
          logoutDate: end === null ? null : format(end),
          loginDate: format(login),
          sessionId,
          userId,
        }));
      }
    } finally {
      await snapshot.release();
    }
  }

  /**
   * The same for whoever measures the sessions of a window: reads them on a snapshot of the caller's, who looks up more on it.
   *
   * @param after goes on behind this row; null = from the first one
   */
  async *windowPages(
    question: WindowQuestion,
    snapshot: Snapshot,
    after: Position | null = null,
    pageSize = PAGE,
  ): AsyncGenerator<WindowPage> {
    const { window, nowMs, rowScope } = question;
    const { lostAfterMs } = this.config;
    const lostBefore = lostAfterMs === null ? null : toInstantText(Math.max(0, nowMs - lostAfterMs));
    const queries = new SessionsQueries(snapshot, lostBefore, await clientIdsOf(rowScope, snapshot));
    const now = toInstantText(nowMs);
    // All that were open at the start began before any that began in the window, so they come first.
    const open = window.start === null ? [] : (await queries.openAt(window.start)).filter(isBehind(after));
    for (let i = 0; i < open.length; i += pageSize) {
      yield await clipped(open.slice(i, i + pageSize), window, queries, now);
    }
    let position = after !== null && (window.start === null || after.login >= window.start) ? after : null;
    for (;;) {
      const rows = await queries.begunIn(window, position, pageSize);
      if (rows.length === 0) return;
      const page = await clipped(rows, window, queries, now);
      position = page.position;
      yield page;
      if (rows.length < pageSize) return;
    }
  }
}

function isBehind(after: Position | null) {
  return ([id, , , login]: SessionRow) =>
    after === null || login > after.login || (login === after.login && id > after.id);
}

async function clipped(
  rows: SessionRow[],
  window: TimeWindow,
  queries: SessionsQueries,
  now: string,
): Promise<WindowPage> {
  const last = rows[rows.length - 1]!;
  const position = { login: last[3], id: last[0] };
  const crossing = rows.filter(([, , , login, end]) => {
    const span = { login, end };
    return crossesStart(span, window) || crossesEnd(span, window, now);
  });
  const bounds = new Map<number, ActivityBounds>();
  for (let i = 0; i < crossing.length; i += LOOKUP) {
    const ids = crossing.slice(i, i + LOOKUP).map(([id]) => id);
    for (const [id, found] of await queries.activityBounds(ids, window)) bounds.set(id, found);
  }
  for (const row of crossing) {
    const seen = clip({ login: row[3], end: row[4] }, window, bounds.get(row[0]) ?? null, now);
    row[3] = seen.login;
    row[4] = seen.end;
  }
  return { rows, position };
}
