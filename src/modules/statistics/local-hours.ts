import type { TimeZone } from '../../platform/time/time-zone.js';

export const HOUR_MS = 3_600_000;
const SLOT_MS = 15 * 60_000;
const MAX_SLOTS = 50_000;
/** No zone has set its clocks back by more than a day since 1970. */
const FARTHEST_CHANGE_MS = 26 * HOUR_MS;

/** A stretch of time with one local hour and one offset: 60 minutes, or less where the clocks change. */
export interface LocalHour {
  /** First instant, milliseconds since 1970. */
  readonly startMs: number;
  /** First instant after it. */
  readonly endMs: number;
  /** Hours of local time since 1970-01-01T00:00. When an hour occurs twice, both stretches have the same index. */
  readonly index: number;
}

/** The hours of a time zone. In zones with an offset of half or quarter hours they begin at other instants than in UTC. */
export class LocalHours {
  private readonly slots = new Map<number, LocalHour>();
  private latest: LocalHour = { startMs: 0, endMs: 0, index: 0 };
  private readonly texts = new WeakMap<LocalHour, string>();
  private latestDay = { day: NaN, text: '' };

  constructor(private readonly zone: TimeZone) {}

  /** The hour that contains an instant. */
  at(ms: number): LocalHour {
    if (ms >= this.latest.startMs && ms < this.latest.endMs) return this.latest;
    const slot = Math.floor(ms / SLOT_MS);
    let hour = this.slots.get(slot);
    // Clocks may change at any minute, so a slot of 15 minutes can contain two hours.
    if (hour === undefined || ms < hour.startMs || ms >= hour.endMs) {
      hour = this.find(ms);
      if (this.slots.size >= MAX_SLOTS) this.slots.clear();
      this.slots.set(slot, hour);
    }
    this.latest = hour;
    return hour;
  }

  /** Cuts a span at full hours. @param part receives each part, in order */
  cut(fromMs: number, toMs: number, part: (hour: LocalHour, fromMs: number, toMs: number) => void): void {
    for (let from = fromMs; from < toMs;) {
      const hour = this.at(from);
      const to = Math.min(hour.endMs, toMs);
      part(hour, from, to);
      from = to;
    }
  }

  /** `2021-09-01T17:00:00+03:00`: the full hour, with the offset of this stretch. */
  text(hour: LocalHour): string {
    let text = this.texts.get(hour);
    if (text === undefined) {
      text = new Date(hour.index * HOUR_MS).toISOString().slice(0, 19) + this.zone.formatMs(hour.startMs).slice(23);
      this.texts.set(hour, text);
    }
    return text;
  }

  /** `2021-09-01T00:00:00+03:00`: the first instant of the day of an hour; midnight unless the clocks skip it. */
  dayText(index: number): string {
    const day = Math.floor(index / 24);
    if (day !== this.latestDay.day) this.latestDay = { day, text: this.findDayText(day) };
    return this.latestDay.text;
  }

  /**
   * The first instant at or after `ms` that divides the hours: every hour before it has a smaller index than every hour
   * after it. Each full hour does, except near clocks that are set back.
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

  /** The first instant with the offset of `afterMs`. The offset changes at most once within an hour. */
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
