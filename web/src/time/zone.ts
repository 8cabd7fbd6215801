/** A date and time of day as a clock on the wall shows them. `month` is 1 to 12, `weekday` 0 (Sunday) to 6. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

type LocalFields = [year: number, month: number, day: number, hour?: number, minute?: number, second?: number];

/** Offsets change at quarters of an hour at the finest, so that one look-up serves a whole quarter. */
const QUARTER_MS = 900_000;
const MAX_CACHED = 8_192;

/** A time zone of the IANA database. Instants are milliseconds since 1970. */
export class Zone {
  private readonly format: Intl.DateTimeFormat;
  private readonly offsets = new Map<number, number>();

  /** @throws RangeError if the browser does not know the name */
  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  /** Milliseconds that local time is ahead of UTC. */
  offset(instant: number): number {
    const quarter = Math.floor(instant / QUARTER_MS);
    const known = this.offsets.get(quarter);
    if (known !== undefined) return known;
    if (this.offsets.size >= MAX_CACHED) this.offsets.clear();
    const offset = this.computeOffset(quarter * QUARTER_MS);
    this.offsets.set(quarter, offset);
    return offset;
  }

  local(instant: number): LocalTime {
    const shifted = new Date(instant + this.offset(instant));
    return {
      year: shifted.getUTCFullYear(),
      month: shifted.getUTCMonth() + 1,
      day: shifted.getUTCDate(),
      hour: shifted.getUTCHours(),
      minute: shifted.getUTCMinutes(),
      second: shifted.getUTCSeconds(),
    };
  }

  weekday(instant: number): number {
    return new Date(instant + this.offset(instant)).getUTCDay();
  }

  /**
   * The instant of a local time. Fields may exceed their range (day 0, hour 24) and are carried over. A time that does not
   * exist moves forward by the gap; one that exists twice is the earlier, as in docs/contract.md, section 2.
   */
  instant(...[year, month, day, hour = 0, minute = 0, second = 0]: LocalFields): number {
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    // The offsets half a day before and after enclose any change near this time.
    const before = this.offset(wall - 43_200_000 - this.offset(wall));
    const after = this.offset(wall + 43_200_000 - this.offset(wall));
    if (before === after) return wall - before;
    const [early, late] = [wall - Math.max(before, after), wall - Math.min(before, after)];
    if (this.offset(early) === wall - early) return early;
    if (this.offset(late) === wall - late) return late;
    return wall - before;
  }

  startOfDay(instant: number): number {
    const { year, month, day } = this.local(instant);
    return this.instant(year, month, day);
  }

  private computeOffset(instant: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(instant)) parts[type] = Number(value);
    const { year, month, day, hour, minute, second } = parts;
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - instant;
  }
}
