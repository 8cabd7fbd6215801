import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CLASSIC = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)$/;
const DAY_MS = 24 * 3600_000;
/** A clock that is set back by less is no new year. */
const CLOCK_STEP_MS = 31 * DAY_MS;
/** A line of the old year may come this late after the first of the new one; an earlier date is the end of a silent year. */
const DISORDER_MS = 2 * DAY_MS;

/**
 * Stamps of syslog in the order of their lines: RFC 3339, or the classic one of RFC 3164, which has no year. It must be
 * shown every classic stamp of the file, for a year shows only where one is much earlier than the one before.
 */
export class StampReader {
  /** The latest classic stamp, as if it were UTC: only for telling years apart. */
  private latest: number | undefined;

  /** As it is written in the file; empty when there was none. */
  latestStamp = '';

  /** @param year of the first classic stamp */
  constructor(
    private readonly zone: TimeZone,
    private year: number,
  ) {}

  /** Takes note of a stamp of which only the year matters; much faster than to read it. */
  pass(stamp: string): void {
    const classic = CLASSIC.exec(stamp);
    if (classic) this.withYear(classic);
  }

  /** @returns milliseconds since 1970, or null when it is no stamp */
  read(stamp: string): number | null {
    const classic = CLASSIC.exec(stamp);
    try {
      // `date +%z` and older systemd write +0200.
      return parseInstant(classic ? this.withYear(classic) : stamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'), this.zone);
    } catch (error) {
      if (error instanceof InstantSyntaxError) return null;
      throw error;
    }
  }

  /** Year of `latestStamp`. */
  get latestYear(): number {
    return this.year;
  }

  private withYear([stamp, name, day, ...time]: RegExpExecArray): string {
    const month = MONTHS.indexOf(name!) + 1;
    const year = month > 0 && Number(day) <= 31 ? this.yearOf(stamp, month, Number(day), time.map(Number)) : this.year;
    return `${year}-${String(month).padStart(2, '0')}-${day!.padStart(2, '0')}T${time.join(':')}`;
  }

  /** The first year in which the stamp is not long before the latest one. */
  private yearOf(stamp: string, month: number, day: number, [hour, minute, second]: number[]): number {
    const inYear = (year: number) => Date.UTC(year, month - 1, day, hour, minute, second);
    let year = this.year;
    if (this.latest !== undefined) {
      if (inYear(year) < this.latest - CLOCK_STEP_MS) year++;
      else if (inYear(year - 1) >= this.latest - DISORDER_MS) year--;
    }
    if (this.latest === undefined || inYear(year) > this.latest) {
      this.latest = inYear(year);
      this.latestStamp = stamp;
      this.year = year;
    }
    return year;
  }
}
