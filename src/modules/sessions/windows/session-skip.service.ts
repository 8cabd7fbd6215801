import { Inject, Injectable } from '@nestjs/common';
import { toInstantText } from '../../../platform/time/instant.js';
import { AppConfig } from '../../../config/app-config.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { nthBegunIn, positionOf } from './session-skip.queries.js';
import { ID, LOGIN, type Position, type SessionRow, SessionsQueries, clientIdsOf } from './sessions.queries.js';
import type { WindowQuestion } from '../sessions.service.js';

/** Finds places in the order of a window's sessions, for those who ask for pages by number. */
@Injectable()
export class SessionSkipService {
  constructor(@Inject(AppConfig) private readonly config: AppConfig) {}

  /**
   * @param count sessions to skip, 1 or more
   * @returns the position of the last one skipped; null when the window has fewer
   */
  async skip({ window, rowScope, nowMs }: WindowQuestion, count: number, snapshot: Snapshot): Promise<Position | null> {
    const { lostAfterMs } = this.config;
    const lostBefore = lostAfterMs === null ? null : toInstantText(Math.max(0, nowMs - lostAfterMs));
    const clientIds = await clientIdsOf(rowScope, snapshot);
    const openAt = window.start === null ? null : new SessionsQueries(lostBefore, clientIds).openAt(window.start);
    const open = openAt === null ? [] : ((await snapshot.rows(openAt.sql, openAt.params)) as SessionRow[]);
    const nth = open[count - 1];
    if (nth) return { login: nth[LOGIN], id: nth[ID] };
    return nthBegunIn(window, clientIds, count - open.length, snapshot);
  }

  /** Where a session stands, from which the next page goes on. */
  positionOf(id: number, snapshot: Snapshot): Promise<Position> {
    return positionOf(id, snapshot);
  }
}
