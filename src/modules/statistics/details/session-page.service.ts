import { Inject, Injectable } from '@nestjs/common';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { SessionSkipService } from '../../sessions/windows/session-skip.service.js';
import { SessionsService, type WindowQuestion } from '../../sessions/sessions.service.js';
import type { WindowRow } from '../activities/measured-range.js';
import type { PagePosition } from './page-cursor.js';
import type { DetailsQuestion } from './session-details.request.js';

/** One page of the sessions of a window, clipped, and where the next one begins; null = there is none. */
export interface SessionPage {
  readonly rows: readonly WindowRow[];
  readonly next: PagePosition | null;
}

/** Finds the page that a number or a cursor asks for. */
@Injectable()
export class SessionPageService {
  constructor(
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(SessionSkipService) private readonly places: SessionSkipService,
  ) {}

  get zone(): TimeZone {
    return this.sessions.zone;
  }

  async read(question: WindowQuestion, request: DetailsQuestion, snapshot: Snapshot): Promise<SessionPage> {
    const { sessionCount, pageIndex } = request;
    const skipped = pageIndex > 0 ? await this.places.skip(question, pageIndex * sessionCount, snapshot) : null;
    if (pageIndex > 0 && skipped === null) return { rows: [], next: null };
    const rows: WindowRow[] = [];
    // One more than a page, to know whether there is a next one.
    const pages = this.sessions.windowPages(question, snapshot, skipped ?? request.after, sessionCount + 1);
    for await (const page of pages) {
      rows.push(...page.rows);
      if (rows.length > sessionCount) break;
    }
    const last = rows[sessionCount - 1];
    const more = last !== undefined && rows.length > sessionCount;
    return {
      rows: rows.slice(0, sessionCount),
      next: more ? await this.places.positionOf(last[0], snapshot) : null,
    };
  }
}
