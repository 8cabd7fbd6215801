import { RawRow, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { ActivityBoundsReader, type CrossingSession } from './activity-bounds.js';
import { type Span, clip, crossesEnd, crossesStart } from '../domain/clip.js';
import { END, ID, LOGIN, SESSION_FIELDS, type SessionRow } from './sessions.queries.js';
import type { TimeWindow } from '../domain/time-window.js';

interface Crossing extends Span, CrossingSession {
  readonly index: number;
}

/** Looks up the activities of sessions that cross a bound, and of no other. */
export class Clipping {
  private readonly row = new RawRow(SESSION_FIELDS);

  private readonly activities: ActivityBoundsReader;

  /** @param now the instant of the request, as instant text */
  constructor(
    snapshot: Snapshot,
    private readonly window: TimeWindow,
    private readonly now: string,
  ) {
    this.activities = new ActivityBoundsReader(snapshot, window);
  }

  /** Login and end of each row become those of the window. */
  async clip(rows: readonly SessionRow[]): Promise<void> {
    const crossing: Crossing[] = [];
    rows.forEach(([id, , , login, end], index) => {
      const span = { login, end };
      const wantsFirst = crossesStart(span, this.window);
      const wantsLast = crossesEnd(span, this.window, this.now);
      if (wantsFirst || wantsLast) crossing.push({ index, id, login, end, wantsFirst, wantsLast });
    });
    for (const [index, seen] of await this.look(crossing)) {
      rows[index]![LOGIN] = seen.login;
      rows[index]![END] = seen.end;
    }
  }

  /**
   * The same for rows that stay bytes.
   *
   * @param openAtStart all of the rows cross the start; else none does
   * @returns by index of the row, what the window sees of those that cross a bound
   */
  async clipRaw(rows: RawRows, openAtStart: boolean): Promise<ReadonlyMap<number, Span>> {
    const end = this.window.end === null ? null : Buffer.from(this.window.end);
    const livesCross = end !== null && this.window.end! <= this.now;
    if (!openAtStart && end === null) return new Map();
    const crossing: Crossing[] = [];
    for (let index = 0; index < rows.count; index++) {
      const row = this.row.read(rows, index);
      const isLive = row.isNull(END);
      const wantsLast = end !== null && (isLive ? livesCross : row.isGreater(END, end));
      if (!openAtStart && !wantsLast) continue;
      const span = { login: row.text(LOGIN), end: isLive ? null : row.text(END) };
      crossing.push({ index, id: row.number(ID), wantsFirst: openAtStart, wantsLast, ...span });
    }
    return this.look(crossing);
  }

  private async look(crossing: readonly Crossing[]): Promise<Map<number, Span>> {
    const bounds = await this.activities.of(crossing);
    return new Map(crossing.map((c) => [c.index, clip(c, this.window, bounds.get(c.id) ?? null, this.now)]));
  }
}
