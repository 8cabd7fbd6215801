import { RawRow, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import { type Span, clip } from '../domain/clip.js';
import type { TimeWindow } from '../domain/time-window.js';
import type { ActivityBoundsReader, CrossingSession } from './activity-bounds.js';
import { END, ID, SESSION_FIELDS, spanOf } from './session-row.js';

interface Crossing extends Span, CrossingSession {
  readonly index: number;
}

/** Clips the sessions of a window. Activities are looked up only for sessions that cross one of its bounds. */
export class WindowClipper {
  private readonly row = new RawRow(SESSION_FIELDS);

  /** @param now the instant of the request, as instant text */
  constructor(
    private readonly window: TimeWindow,
    private readonly activities: ActivityBoundsReader,
    private readonly now: string,
  ) {}

  /**
   * @param openAtStart whether all of these rows cross the start of the window; otherwise none does
   * @returns by index of the row: login and end as the window shows them, for the rows that cross a bound
   */
  async clip(rows: RawRows, openAtStart: boolean): Promise<ReadonlyMap<number, Span>> {
    if (!openAtStart && this.window.end === null) return new Map();
    const crossing = this.crossing(rows, openAtStart);
    const bounds = await this.activities.of(crossing);
    return new Map(crossing.map((c) => [c.index, clip(c, this.window, bounds.get(c.id) ?? null, this.now)]));
  }

  /** The rule is `crossesStart` and `crossesEnd` of `clip.ts`, on bytes: most rows cross nothing and are never decoded. */
  private crossing(rows: RawRows, openAtStart: boolean): Crossing[] {
    const { row } = this;
    const end = this.window.end === null ? null : Buffer.from(this.window.end);
    const liveCrosses = end !== null && this.window.end! <= this.now;
    const crossing: Crossing[] = [];
    for (let index = 0; index < rows.count; index++) {
      row.read(rows, index);
      const wantsLast = end !== null && (row.isNull(END) ? liveCrosses : row.isGreater(END, end));
      if (!openAtStart && !wantsLast) continue;
      crossing.push({ index, id: row.number(ID), wantsFirst: openAtStart, wantsLast, ...spanOf(row) });
    }
    return crossing;
  }
}
