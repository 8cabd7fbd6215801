import { fromInstantText } from '../../../platform/time/instant.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { ActivityBounds } from '../domain/clip.js';
import { activitiesIn, edgeActivity } from './sessions.queries.js';
import type { TimeWindow } from '../domain/time-window.js';

/** Sessions whose activities are looked up in one statement; MariaDB turns lists of 1,000 and more into a join. */
const LOOKUP = 500;
/** Windows up to this length are worth trying to read whole. */
const SHORT_MS = 24 * 3_600_000;
/** So many activities are read for less than the look-up of one session. */
const PER_SESSION = 4;

/** A session that crosses a bound of the window, and which of its activities inside that asks for. */
export interface CrossingSession {
  readonly id: number;
  readonly wantsFirst: boolean;
  readonly wantsLast: boolean;
}

/**
 * First and last activity inside the window of sessions that cross a bound. In a short window all activities of that time
 * are read in one range, as long as they are few for the sessions that ask. When there are more, the part that was read tells
 * many of the first ones, and what is missing is looked up session by session.
 */
export class ActivityBoundsReader {
  private readonly byTime = new Map<number, { first: string; last: string }>();
  private tried = false;
  private isWhole = false;

  constructor(
    private readonly snapshot: Pick<Snapshot, 'rows'>,
    private readonly window: TimeWindow,
  ) {}

  /** @returns by id; what is null, or absent, is not there or was not asked for */
  async of(sessions: readonly CrossingSession[]): Promise<ReadonlyMap<number, ActivityBounds>> {
    if (sessions.length === 0) return new Map();
    if (!this.tried && isShort(this.window)) {
      this.tried = true;
      this.isWhole = await this.readByTime(PER_SESSION * sessions.length);
    }
    if (this.isWhole) return this.byTime;
    const bounds = new Map<number, { first: string | null; last: string | null }>();
    for (const { id } of sessions) bounds.set(id, { first: this.byTime.get(id)?.first ?? null, last: null });
    const missing = sessions.filter(({ id, wantsFirst }) => wantsFirst && !this.byTime.has(id));
    for (const [id, at] of await this.lookUp('first', missing)) bounds.get(id)!.first = at;
    const ending = sessions.filter(({ wantsLast }) => wantsLast);
    for (const [id, at] of await this.lookUp('last', ending)) bounds.get(id)!.last = at;
    return bounds;
  }

  /** @returns whether these are all activities of the window; else they are its first ones */
  private async readByTime(limit: number): Promise<boolean> {
    const { sql, params } = activitiesIn(this.window, limit);
    const rows = (await this.snapshot.rows(sql, params)) as [number, string][];
    for (const [id, at] of rows) {
      const known = this.byTime.get(id);
      if (known) known.last = at;
      else this.byTime.set(id, { first: at, last: at });
    }
    return rows.length < limit;
  }

  private async lookUp(
    edge: 'first' | 'last',
    sessions: readonly CrossingSession[],
  ): Promise<[id: number, at: string | null][]> {
    const found: [number, string | null][] = [];
    for (let from = 0; from < sessions.length; from += LOOKUP) {
      const ids = sessions.slice(from, from + LOOKUP).map(({ id }) => id);
      const { sql, params } = edgeActivity(edge, ids, this.window);
      for (const row of await this.snapshot.rows(sql, params)) found.push(row as [number, string | null]);
    }
    return found;
  }
}

function isShort({ start, end }: TimeWindow): boolean {
  return start !== null && end !== null && fromInstantText(end) - fromInstantText(start) <= SHORT_MS;
}
