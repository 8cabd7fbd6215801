import type { TimeWindow } from '../../domain/time-window.js';
import { activityTest } from '../activity-test.js';
import type { ActivityFilter } from '../session-filter.js';
import type { FoundSession } from './found-session.js';

export interface MatchedActivity {
  readonly sessionId: number;
  readonly at: string;
  readonly digest: Buffer;
  readonly application: string | null;
  readonly title: string | null;
  readonly url: string | null;
}

interface InstantRange {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/** Activities of sessions in the order of (session, instant, digest); implemented on one snapshot. */
export interface ActivitiesOfSessions {
  ofSessions(ids: readonly number[], range: InstantRange, limit: number): Promise<readonly MatchedActivity[]>;
  ofSession(
    id: number,
    after: { readonly at: string; readonly digest: Buffer },
    to: string,
    limit: number,
  ): Promise<readonly MatchedActivity[]>;
}

/** Rows of one statement. */
const ROWS = 5000;
const MIN_INSTANT = '1970-01-01 00:00:00.000';
const MAX_INSTANT = '9999-12-31 23:59:59.999';

/** Decides which sessions have an activity that fulfils a filter: one inside the window and inside the session. */
export class ActivityMatcher {
  private readonly range: InstantRange;
  private readonly fulfils: (activity: MatchedActivity) => boolean;

  constructor(
    private readonly activities: ActivitiesOfSessions,
    filter: ActivityFilter,
    window: TimeWindow,
  ) {
    this.range = { from: window.start ?? MIN_INSTANT, to: window.end ?? MAX_INSTANT };
    this.fulfils = activityTest(filter);
  }

  /**
   * Examines the first of these sessions, as many as have few activities together, at least one.
   *
   * @returns which of them match, how many sessions were examined, and how many activities
   */
  async first(
    sessions: readonly FoundSession[],
  ): Promise<{ matching: FoundSession[]; sessions: number; activities: number }> {
    for (let count = sessions.length; count > 1; count = Math.ceil(count / 4)) {
      const part = sessions.slice(0, count);
      const ids = part.map(({ id }) => id).sort((a, b) => a - b);
      const rows = await this.activities.ofSessions(ids, this.range, ROWS + 1);
      if (rows.length > ROWS) continue;
      const byId = new Map(part.map((session) => [session.id, session]));
      const found = new Set(
        rows.filter((row) => this.fits(byId.get(row.sessionId)!, row)).map(({ sessionId }) => sessionId),
      );
      return { matching: part.filter(({ id }) => found.has(id)), sessions: count, activities: rows.length };
    }
    const [session] = sessions as [FoundSession];
    const { isMatch, activities } = await this.alone(session);
    return { matching: isMatch ? [session] : [], sessions: 1, activities };
  }

  private async alone(session: FoundSession): Promise<{ isMatch: boolean; activities: number }> {
    let after: { at: string; digest: Buffer } = { at: this.range.from, digest: Buffer.alloc(0) };
    for (let activities = 0; ;) {
      const rows = await this.activities.ofSession(session.id, after, this.range.to, ROWS);
      activities += rows.length;
      if (rows.some((row) => this.fits(session, row))) return { isMatch: true, activities };
      const last = rows[ROWS - 1];
      if (!last) return { isMatch: false, activities };
      after = { at: last.at, digest: last.digest };
    }
  }

  private fits({ login, end }: FoundSession, activity: MatchedActivity): boolean {
    const { at } = activity;
    return at >= login && (end === null || at <= end) && this.fulfils(activity);
  }
}
