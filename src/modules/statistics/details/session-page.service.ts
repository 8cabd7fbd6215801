import { Inject, Injectable } from '@nestjs/common';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { SessionsService, type WindowQuestion } from '../../sessions/sessions.service.js';
import type { WindowRow } from '../activities/measured-range.js';
import type { PagePosition } from './page-cursor.js';
import type { DetailsQuestion } from './session-details.request.js';

/** One page of the sessions of a window, clipped. */
export interface SessionPage {
  readonly rows: readonly WindowRow[];
  /** The next page starts after this session; null = there is no next page. */
  readonly next: PagePosition | null;
}

/** Reads one page of the sessions of a window, by page number or by cursor. */
@Injectable()
export class SessionPageService {
  constructor(@Inject(SessionsService) private readonly sessions: SessionsService) {}

  get zone(): TimeZone {
    return this.sessions.zone;
  }

  async read(question: WindowQuestion, request: DetailsQuestion, snapshot: Snapshot): Promise<SessionPage> {
    const { sessionCount, pageIndex } = request;
    const skipped = pageIndex * sessionCount;
    const lastSkipped = skipped > 0 ? await this.sessions.nthPosition(question, skipped, snapshot) : null;
    if (skipped > 0 && lastSkipped === null) return { rows: [], next: null };
    const rows: WindowRow[] = [];
    // One more than a page, to know whether there is a next one.
    const options = { after: lastSkipped ?? request.after, pageSize: sessionCount + 1, readAhead: false };
    const pages = this.sessions.windowPages(question, snapshot, options);
    for await (const page of pages) {
      rows.push(...page.rows);
      if (rows.length > sessionCount) break;
    }
    const last = rows[sessionCount - 1];
    const more = last !== undefined && rows.length > sessionCount;
    return {
      rows: rows.slice(0, sessionCount),
      next: more ? await this.sessions.positionOf(last[0], snapshot) : null,
    };
  }
}
