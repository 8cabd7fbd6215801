import type { TimeZone } from '../../platform/time/time-zone.js';

export const HOUR_MS = 3_600_000;
const SLOT_MS = 15 * 60_000;
const MAX_SLOTS = 50_000;
/** No clock has been set back by more than a day since 1970. */
const FARTHEST_CHANGE_MS = 26 * HOUR_MS;

/** A stretch of time in which the local hour and the offset stay the same: 60 minutes, fewer where the clocks change. */
export interface LocalHour {
  /** First instant, milliseconds since 1970. */
  readonly startMs: number;
  /** First instant after it. */
  readonly endMs: number;
  /** Whole hours of local time since 1970-01-01T00:00: the same for both stretches of an hour that comes twice. */
  readonly index: number;
}

/** The hours of a time zone. Zones of half and quarter hours have theirs at other instants than UTC. */
export class LocalHours {
  private readonly slots = new Map<number, LocalHour>();
  private latest: LocalHour = { startMs: 0, endMs: 0, index: 0 };
  private latestDay = { day: NaN, text: '' };

  constructor(private readonly zone: TimeZone) {}

  /** The hour that holds an instant. */
  at(ms: number): LocalHour {
    if (ms >= this.latest.startMs && ms < this.latest.endMs) return this.latest;
    const slot = Math.floor(ms / SLOT_MS);
    let hour = this.slots.get(slot);
    // A change of the clocks need not fall on a quarter of an hour.
    if (hour === undefined || ms < hour.startMs || ms >= hour.endMs) {
      hour = this.find(ms);
      if (this.slots.size >= MAX_SLOTS) this.slots.clear();
      this.slots.set(slot, hour);
    }
    this.latest = hour;
    return hour;
  }

  /** Cuts a span at full hours. */
  cut(fromMs: number, toMs: number, tell: (hour: LocalHour, fromMs: number, toMs: number) => void): void {
    for (let from = fromMs; from < toMs;) {
      const hour = this.at(from);
      const to = Math.min(hour.endMs, toMs);
      tell(hour, from, to);
      from = to;
    }
  }

  /** `2021-09-01T17:00:00+03:00`: the full hour, with the offset that holds in this stretch of it. */
  text({ startMs, index }: LocalHour): string {
    return new Date(index * HOUR_MS).toISOString().slice(0, 19) + this.zone.formatMs(startMs).slice(23);
  }

  /** `2021-09-01T00:00:00+03:00`: the first instant of the day of an hour; midnight, unless the clocks skip it. */
  dayText(index: number): string {
    const day = Math.floor(index / 24);
    if (day !== this.latestDay.day) this.latestDay = { day, text: this.findDayText(day) };
    return this.latestDay.text;
  }

  /**
   * The first instant, not before `ms`, that divides the hours: all those before it are earlier ones than all those after
   * it. That is every full hour, except around clocks that are set back.
   */
  dividerFrom(ms: number): number {
    const hour = this.at(ms);
    let divider = hour.startMs === ms ? ms : hour.endMs;
    while (!this.divides(divider)) divider = this.at(divider).endMs;
    return divider;
  }

  private divides(ms: number): boolean {
    const before = this.indexes(ms - FARTHEST_CHANGE_MS, ms);
    const after = this.indexes(ms, ms + FARTHEST_CHANGE_MS);
    return Math.max(...before) < Math.min(...after);
  }

  private indexes(fromMs: number, toMs: number): number[] {
    const indexes: number[] = [];
    this.cut(fromMs, toMs, (hour) => indexes.push(hour.index));
    return indexes;
  }

  private findDayText(dayIndex: number): string {
    const date = new Date(dayIndex * 24 * HOUR_MS);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    const midnight = this.zone.toEpochMs({ year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 });
    const text = this.zone.formatMs(midnight);
    return text.slice(0, 19) + text.slice(23);
  }

  private find(ms: number): LocalHour {
    const offset = this.zone.offsetMinutesAt(ms);
    const index = Math.floor((ms + offset * 60_000) / HOUR_MS);
    const startMs = index * HOUR_MS - offset * 60_000;
    const endMs = startMs + HOUR_MS;
    return {
      startMs: this.zone.offsetMinutesAt(startMs) === offset ? startMs : this.changeBetween(startMs, ms),
      endMs: this.zone.offsetMinutesAt(endMs - 1) === offset ? endMs : this.changeBetween(ms, endMs - 1),
      index,
    };
  }

  /** The first instant at which the offset is that of `afterMs`; within an hour it changes at most once. */
  private changeBetween(beforeMs: number, afterMs: number): number {
    const offset = this.zone.offsetMinutesAt(afterMs);
    let [before, after] = [beforeMs, afterMs];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.zone.offsetMinutesAt(middle) === offset) after = middle;
      else before = middle;
    }
    return after;
  }
}
