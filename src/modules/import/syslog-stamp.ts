import { InstantSyntaxError, parseInstant } from '../../common/parse-instant.js';
import type { TimeZone } from '../../common/time-zone.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CLASSIC = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d)$/;

/** Stamps of syslog in the order of their lines: RFC 3339, or the classic one (RFC 3164), which has no year. */
export class StampReader {
  private month = 0;

  /** @param year of the first classic stamp */
  constructor(
    private readonly zone: TimeZone,
    public year: number,
  ) {}

  /** @returns milliseconds since 1970, or null when it is no stamp */
  read(stamp: string): number | null {
    const classic = CLASSIC.exec(stamp);
    try {
      return parseInstant(classic ? this.withYear(classic) : stamp, this.zone);
    } catch (error) {
      if (error instanceof InstantSyntaxError) return null;
      throw error;
    }
  }

  /** From a late month to an early one the year has changed; a small step back is a line out of order. */
  private withYear([, name, day, time]: RegExpExecArray): string {
    const month = MONTHS.indexOf(name!) + 1;
    if (month > 0 && this.month - month > 6) this.year++;
    if (month > 0) this.month = month;
    return `${this.year}-${String(month).padStart(2, '0')}-${day!.trim().padStart(2, '0')}T${time}`;
  }
}
