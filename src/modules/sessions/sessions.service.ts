import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../platform/http/caller.js';
import { Clock } from '../../platform/time/clock.js';
import { toInstantText } from '../../platform/time/instant.js';
import type { Piece } from '../../platform/http/streaming/json-stream.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { ConcurrencyLimiter } from '../../platform/limits/concurrency-limiter.js';
import { AppConfig } from '../../config/app-config.js';
import { RawRow, type RawRows } from '../../platform/database/snapshots/raw-rows.js';
import { type Snapshot, Snapshots } from '../../platform/database/snapshots/snapshots.js';
import { ClientGuidsService } from '../directory/client-guids.service.js';
import { Clipping } from './windows/clipping.js';
import { type ElementTemplate, SessionsJson, elementTemplate } from './windows/sessions-json.js';
import {
  CLIENT_ID,
  ID,
  LOGIN,
  type Position,
  SESSION_FIELDS,
  type SessionRow,
  SessionsQueries,
  clientIdsOf,
} from './windows/sessions.queries.js';
import type { TimeWindow } from './domain/time-window.js';
import { type RowForm, WindowReader } from './windows/window-reader.js';

/** Rows of one page: long enough to keep the server busy, short enough for memory and for an embedded database's thread. */
const PAGE = 4000;
/** Pages of long answers that are fetched at once, over all callers. One leaves room for short windows. */
const CONCURRENT_PAGES = 1;

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

@Injectable()
export class SessionsService {
  readonly zone: TimeZone;
  private readonly pageLimiter = new ConcurrencyLimiter(CONCURRENT_PAGES);

  constructor(
    private readonly snapshots: Snapshots,
    private readonly guids: ClientGuidsService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {
    this.zone = new TimeZone(config.API_TIME_ZONE);
  }

  /**
   * The answer of the compatible endpoint from one consistent snapshot, in pieces. The connection is given back when the
   * iteration ends, however it ends.
   */
  async *json(window: TimeWindow, rowScope: RowScope, signal: AbortSignal): AsyncGenerator<Piece> {
    const question = { window, rowScope, nowMs: this.clock.nowMs() };
    const json = new SessionsJson(this.zone);
    const snapshot = await this.snapshots.open(signal);
    try {
      const queries = await this.queries(question, snapshot);
      const clipping = new Clipping(snapshot, window, toInstantText(question.nowMs));
      const reader = new WindowReader(queries, rawForm(snapshot), this.pageLimiter);
      for await (const { rows, openAtStart } of reader.pages(window, null, PAGE)) {
        const clipped = await clipping.clipRaw(rows, openAtStart);
        yield* json.add(rows, clipped, await this.templates(rows, snapshot));
      }
    } finally {
      await snapshot.release();
    }
    yield json.end();
  }

  /**
   * The same sessions for whoever measures them: on a snapshot of the caller's, who looks up more on it.
   *
   * @param after goes on behind this row; null = from the first one
   */
  async *windowPages(
    question: WindowQuestion,
    snapshot: Snapshot,
    after: Position | null = null,
    pageSize = PAGE,
  ): AsyncGenerator<WindowPage> {
    const { window, nowMs } = question;
    const clipping = new Clipping(snapshot, window, toInstantText(nowMs));
    const reader = new WindowReader(await this.queries(question, snapshot), arrayForm(snapshot), this.pageLimiter);
    const beganInside = after !== null && (window.start === null || after.login >= window.start);
    for await (const { rows: all } of reader.pages(window, beganInside ? after : null, pageSize)) {
      const rest = beganInside ? all : all.filter(isBehind(after));
      for (let i = 0; i < rest.length; i += pageSize) {
        const rows = rest.slice(i, i + pageSize);
        const position = positionOf(rows);
        await clipping.clip(rows);
        yield { rows, position };
      }
    }
  }

  private async queries({ rowScope, nowMs }: WindowQuestion, snapshot: Snapshot): Promise<SessionsQueries> {
    const { lostAfterMs } = this.config;
    const lostBefore = lostAfterMs === null ? null : toInstantText(Math.max(0, nowMs - lostAfterMs));
    return new SessionsQueries(lostBefore, await clientIdsOf(rowScope, snapshot));
  }

  private templates(rows: RawRows, snapshot: Snapshot): Promise<(clientId: number) => ElementTemplate> {
    const row = new RawRow(SESSION_FIELDS);
    const ids = new Uint32Array(rows.count);
    for (let i = 0; i < ids.length; i++) ids[i] = row.read(rows, i).number(CLIENT_ID);
    return this.guids.formOf(ids, snapshot, elementTemplate);
  }
}

function rawForm(snapshot: Snapshot): RowForm<RawRows> {
  const row = new RawRow(SESSION_FIELDS);
  return {
    read: ({ sql, params }) => snapshot.rawRows(sql, params),
    count: (rows) => rows.count,
    position: (rows) => {
      const last = row.read(rows, rows.count - 1);
      return { login: last.text(LOGIN), id: last.number(ID) };
    },
  };
}

function arrayForm(snapshot: Snapshot): RowForm<SessionRow[]> {
  return {
    read: async ({ sql, params }) => (await snapshot.rows(sql, params)) as SessionRow[],
    count: (rows) => rows.length,
    position: positionOf,
  };
}

function positionOf(rows: readonly SessionRow[]): Position {
  const last = rows[rows.length - 1]!;
  return { login: last[LOGIN], id: last[ID] };
}

function isBehind(after: Position | null) {
  return (row: SessionRow) =>
    after === null || row[LOGIN] > after.login || (row[LOGIN] === after.login && row[ID] > after.id);
}
