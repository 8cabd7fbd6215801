import { fromInstantText } from '../../../platform/time/instant.js';
import type { ActivityBounds } from '../domain/clip.js';
import type { TimeWindow } from '../domain/time-window.js';
import type { SessionActivity } from '../sessions.repository.js';

/** Sessions of one look-up; MariaDB turns lists of 1,000 and more into a join. */
const LOOKUP_SESSIONS = 500;
/** Windows up to this length are worth reading by time. */
const SHORT_MS = 24 * 3_600_000;
/** Reading this many activities by time costs less than looking up one session. */
const ACTIVITIES_PER_LOOKUP = 4;

/** A session that crosses a bound of the window, and which of its activities inside the window are needed. */
export interface CrossingSession {
  readonly id: number;
  readonly wantsFirst: boolean;
  readonly wantsLast: boolean;
}

/** The activities of a window; implemented by `SessionsRepository` on one snapshot. */
export interface WindowActivities {
  /** The first `limit` activities of all sessions, in the order of time. */
  firstOfAll(limit: number): Promise<[sessionId: number, at: string][]>;
  first(sessionIds: readonly number[]): Promise<SessionActivity[]>;
  last(sessionIds: readonly number[]): Promise<SessionActivity[]>;
}

/**
 * Finds the first and last activity inside a window for sessions that cross one of its bounds. For a short window it first
 * reads all activities of that time in one range, up to a number that depends on the sessions asked for. If there are more,
 * the part that was read already contains many of the first activities; the others are looked up session by session
 * (docs/adr/0006).
 */
export class ActivityBoundsReader {
  private readonly byTime = new Map<number, { first: string; last: string }>();
  private triedByTime = false;
  private isComplete = false;

  constructor(
    private readonly activities: WindowActivities,
    private readonly window: TimeWindow,
  ) {}

  /**
   * @param expected number of crossing sessions that this and later calls ask for, as far as it is known
   * @returns by session id; an absent or null value was not asked for, or there is no such activity
   */
  async of(
    sessions: readonly CrossingSession[],
    expected = sessions.length,
  ): Promise<ReadonlyMap<number, ActivityBounds>> {
    if (sessions.length === 0) return new Map();
    if (!this.triedByTime && isShort(this.window)) {
      this.triedByTime = true;
      this.isComplete = await this.readByTime(ACTIVITIES_PER_LOOKUP * Math.max(sessions.length, expected));
    }
    if (this.isComplete) return this.byTime;
    const bounds = new Map<number, { first: string | null; last: string | null }>();
    for (const { id } of sessions) bounds.set(id, { first: this.byTime.get(id)?.first ?? null, last: null });
    const missing = sessions.filter(({ id, wantsFirst }) => wantsFirst && !this.byTime.has(id));
    for (const [id, at] of await lookUp(missing, (ids) => this.activities.first(ids))) bounds.get(id)!.first = at;
    const ending = sessions.filter(({ wantsLast }) => wantsLast);
    for (const [id, at] of await lookUp(ending, (ids) => this.activities.last(ids))) bounds.get(id)!.last = at;
    return bounds;
  }

  /** @returns whether these are all activities of the window; otherwise they are its first ones */
  private async readByTime(limit: number): Promise<boolean> {
    const rows = await this.activities.firstOfAll(limit);
    for (const [id, at] of rows) {
      const known = this.byTime.get(id);
      if (known) known.last = at;
      else this.byTime.set(id, { first: at, last: at });
    }
    return rows.length < limit;
  }
}

async function lookUp(
  sessions: readonly CrossingSession[],
  read: (ids: readonly number[]) => Promise<SessionActivity[]>,
): Promise<SessionActivity[]> {
  const found: SessionActivity[] = [];
  for (let from = 0; from < sessions.length; from += LOOKUP_SESSIONS) {
    const ids = sessions.slice(from, from + LOOKUP_SESSIONS).map(({ id }) => id);
    for (const row of await read(ids)) found.push(row);
  }
  return found;
}

function isShort({ start, end }: TimeWindow): boolean {
  return start !== null && end !== null && fromInstantText(end) - fromInstantText(start) <= SHORT_MS;
}
