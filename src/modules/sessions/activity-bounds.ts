import { fromInstantText } from '../../common/instant.js';
import type { Snapshot } from '../../database/snapshots.js';
import type { ActivityBounds } from './clip.js';
import { activitiesIn, activityBounds } from './sessions.queries.js';
import type { TimeWindow } from './time-window.js';

/** Sessions whose activities are looked up in one statement; MariaDB turns lists of 1,000 and more into a join. */
const LOOKUP = 500;
/** Windows up to this length are worth trying to read whole. */
const SHORT_MS = 24 * 3_600_000;
/** So many activities are read for less than the two look-ups of one session. */
const PER_SESSION = 4;

/**
 * First and last activity inside the window of sessions that cross a bound. In a short window all activities of that time
 * are read in one range, as long as they are few for the sessions that ask; else each session is looked up by itself.
 */
export class ActivityBoundsReader {
  private all: ReadonlyMap<number, ActivityBounds> | null = null;
  private tried = false;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly window: TimeWindow,
  ) {}

  /** @returns by id; a session without an activity in the window is absent */
  async of(ids: readonly number[]): Promise<ReadonlyMap<number, ActivityBounds>> {
    if (ids.length === 0) return new Map();
    if (!this.tried && isShort(this.window)) {
      this.tried = true;
      this.all = await this.readWhole(PER_SESSION * ids.length);
    }
    return this.all ?? this.lookUp(ids);
  }

  private async readWhole(limit: number): Promise<ReadonlyMap<number, ActivityBounds> | null> {
    const { sql, params } = activitiesIn(this.window, limit);
    const rows = (await this.snapshot.rows(sql, params)) as [number, string][];
    if (rows.length === limit) return null;
    const bounds = new Map<number, { first: string; last: string }>();
    for (const [id, at] of rows) {
      const known = bounds.get(id);
      if (known) known.last = at;
      else bounds.set(id, { first: at, last: at });
    }
    return bounds;
  }

  private async lookUp(ids: readonly number[]): Promise<ReadonlyMap<number, ActivityBounds>> {
    const bounds = new Map<number, ActivityBounds>();
    for (let from = 0; from < ids.length; from += LOOKUP) {
      const { sql, params } = activityBounds(ids.slice(from, from + LOOKUP), this.window);
      const rows = (await this.snapshot.rows(sql, params)) as [number, string | null, string | null][];
      for (const [id, first, last] of rows) if (first !== null && last !== null) bounds.set(id, { first, last });
    }
    return bounds;
  }
}

function isShort({ start, end }: TimeWindow): boolean {
  return start !== null && end !== null && fromInstantText(end) - fromInstantText(start) <= SHORT_MS;
}
