import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CLASSIC = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)$/;
const DAY_MS = 24 * 3600_000;
/** A stamp that is earlier by less than this is a clock set back, not a new year. */
const CLOCK_STEP_MS = 31 * DAY_MS;
/** Lines of the old year may follow the first line of the new year within this time. */
const DISORDER_MS = 2 * DAY_MS;

/**
 * Reads syslog stamps in the order of their lines: RFC 3339, or the classic form of RFC 3164, section 4.1.2, which has no
 * year. It needs every classic stamp of the file, because a new year shows only as a stamp much earlier than the previous
 * one.
 */
export class StampReader {
  /** The latest classic stamp, read as UTC; only used to detect a new year. */
  private latest: number | undefined;

  /** The latest classic stamp as written; empty when there was none. */
  latestStamp = '';

  /** @param year year of the first classic timestamp */
  constructor(
    private readonly zone: TimeZone,
    private year: number,
  ) {}

  /** Registers a stamp whose instant is not needed; much faster than `read`. */
  pass(stamp: string): void {
    const classic = CLASSIC.exec(stamp);
    if (classic) this.withYear(classic);
  }

  /** @returns milliseconds since 1970, or null when the stamp is invalid */
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

  /** The first year in which the timestamp is not much earlier than the latest one. */
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
