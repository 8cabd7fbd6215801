import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../../platform/http/caller.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import type { TimeWindow } from '../domain/time-window.js';
import { activityTest } from '../search/activity-test.js';
import type { ActivityFilter } from '../search/session-filter.js';
import type { ActivityPlace } from './activity-cursors.js';
import type { ActivityResponse } from './dto/activity.response.js';
import { SessionActivitiesRepository, type StoredActivity } from './session-activities.repository.js';
import { SessionLookUpService } from './session-look-up.service.js';

/** Activities of one statement: each may have kilobytes of text. */
const ROWS = 500;
/** Activities that one page examines at most. */
const MAX_EXAMINED = 20_000;

/** What a caller asks for. */
export interface ActivityQuestion {
  readonly sessionId: number;
  readonly window: TimeWindow;
  readonly filter: ActivityFilter;
  readonly order: Order;
  readonly rowScope: RowScope;
}

interface Part {
  readonly found: readonly StoredActivity[];
  /** Everything up to here was examined; null = all. */
  readonly reached: ActivityPlace | null;
}

export interface ActivityPage {
  readonly items: readonly ActivityResponse[];
  readonly next: ActivityPlace | null;
  readonly total?: number;
}

/** Lists the activities of a session, page by page, or all of them, each time from one snapshot. */
@Injectable()
export class ActivityListService {
  private readonly format: (instantText: string) => string;

  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(SessionLookUpService) private readonly sessions: SessionLookUpService,
    @Inject(SessionActivitiesRepository) private readonly activities: SessionActivitiesRepository,
    @Inject(TimeZone) zone: TimeZone,
  ) {
    this.format = zone.formatter();
  }

  /** @throws ProblemError `not-found` */
  async page(
    question: ActivityQuestion,
    { after, limit, countsAll }: { after: ActivityPlace | null; limit: number; countsAll: boolean },
    signal: AbortSignal,
  ): Promise<ActivityPage> {
    const snapshot = await this.snapshots.open(signal);
    try {
      await this.sessions.require(question.sessionId, question.rowScope, snapshot);
      const { found, next } = await this.collect(question, after, limit, snapshot);
      const total = countsAll ? { total: await this.count(question, snapshot) } : {};
      return { items: found.map((activity) => this.view(activity)), next, ...total };
    } finally {
      await snapshot.release();
    }
  }

  /** @throws ProblemError `not-found` */
  async *all(
    question: ActivityQuestion,
    after: ActivityPlace | null,
    signal: AbortSignal,
  ): AsyncGenerator<ActivityResponse[]> {
    const snapshot = await this.snapshots.open(signal);
    try {
      await this.sessions.require(question.sessionId, question.rowScope, snapshot);
      for await (const { found } of this.parts(question, after, ROWS, snapshot))
        if (found.length > 0) yield found.map((activity) => this.view(activity));
    } finally {
      await snapshot.release();
    }
  }

  private async collect(question: ActivityQuestion, after: ActivityPlace | null, limit: number, snapshot: Snapshot) {
    const found: StoredActivity[] = [];
    let examined = 0;
    const rows = isFiltered(question.filter) ? ROWS : Math.min(ROWS, limit + 1);
    for await (const part of this.parts(question, after, rows, snapshot)) {
      found.push(...part.found);
      examined += rows;
      // One activity more than the page holds shows whether there is another page.
      if (found.length > limit) return { found: found.slice(0, limit), next: placeOf(found[limit - 1]!) };
      if (examined >= MAX_EXAMINED && part.reached !== null) return { found, next: part.reached };
    }
    return { found, next: null };
  }

  private async count(question: ActivityQuestion, snapshot: Snapshot): Promise<number> {
    const { sessionId, window, filter } = question;
    if (!isFiltered(filter)) return this.activities.count(snapshot, sessionId, window);
    let total = 0;
    for await (const { found } of this.parts(question, null, ROWS, snapshot)) total += found.length;
    return total;
  }

  private async *parts(
    { sessionId, window, filter, order }: ActivityQuestion,
    after: ActivityPlace | null,
    limit: number,
    snapshot: Snapshot,
  ): AsyncGenerator<Part> {
    const fulfils = activityTest(filter);
    for (;;) {
      const rows = await this.activities.page(snapshot, sessionId, window, { order, after, limit });
      const last = rows[limit - 1];
      after = last ? placeOf(last) : null;
      yield { found: rows.filter(fulfils), reached: after };
      if (after === null) return;
    }
  }

  private view({ at, application, title, url, keystrokes, kind }: StoredActivity): ActivityResponse {
    return { at: this.format(at), application, title, url, keystrokes, kind };
  }
}

function placeOf({ at, digest }: ActivityPlace): ActivityPlace {
  return { at, digest };
}

function isFiltered({ application, text }: ActivityFilter): boolean {
  return application !== undefined || text !== undefined;
}
