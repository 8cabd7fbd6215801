import { copyBytes } from '../../text/copy-bytes.js';
import type { TimeZone } from '../time-zone.js';

/** Length of `YYYY-MM-DDThh:mm:ss.sss+00:00`. */
export const ZONED_BYTES = 29;
const OFFSET_AT = 23;
const MINUTE_BYTES = 16;
const UTC_OFFSET = Buffer.from('+00:00');
const COLON = 0x3a;
const LETTER_T = 0x54;
/** Size of the cache of minutes. Answers are ordered by login, so adjacent rows share minutes. */
const MAX_MINUTES = 50_000;

/** Converts instant text to local text byte by byte, for millions of rows. Equivalent to `TimeZone.formatter`. */
export class InstantBytes {
  /** Local text by UTC minute; null if the offset changes within the minute. */
  private readonly minutes = new Map<number, Buffer | null>();
  private readonly digits = Buffer.alloc(OFFSET_AT);
  private readonly format: (instantText: string) => string;

  constructor(private readonly zone: TimeZone) {
    this.format = zone.formatter();
  }

  /**
   * @param from buffer with 23 bytes `YYYY-MM-DD hh:mm:ss.sss` in UTC at `start`
   * @param to buffer that receives ZONED_BYTES at `at`
   */
  copy(from: Buffer, start: number, to: Buffer, at: number): void {
    if (this.zone.isUtc) {
      copyBytes(from, start, OFFSET_AT, to, at);
      to[at + 10] = LETTER_T;
      copyBytes(UTC_OFFSET, 0, UTC_OFFSET.length, to, at + OFFSET_AT);
      return;
    }
    const form = this.minuteForm(from, start);
    if (form === null) {
      to.write(this.format(from.toString('latin1', start, start + OFFSET_AT)), at, 'latin1');
      return;
    }
    copyBytes(form, 0, ZONED_BYTES, to, at);
    copyBytes(from, start + MINUTE_BYTES, OFFSET_AT - MINUTE_BYTES, to, at + MINUTE_BYTES);
  }

  /** Converts instant text given as a string. */
  copyText(instantText: string, to: Buffer, at: number): void {
    const { digits } = this;
    for (let i = 0; i < OFFSET_AT; i++) digits[i] = instantText.charCodeAt(i);
    this.copy(digits, 0, to, at);
  }

  private minuteForm(from: Buffer, start: number): Buffer | null {
    const key = minuteKey(from, start);
    let form = this.minutes.get(key);
    if (form === undefined) {
      if (this.minutes.size >= MAX_MINUTES) this.minutes.clear();
      form = this.makeForm(from.toString('latin1', start, start + MINUTE_BYTES));
      this.minutes.set(key, form);
    }
    return form;
  }

  /** Offsets are whole minutes, so the seconds can be copied into the text of the minute. */
  private makeForm(minute: string): Buffer | null {
    const [first, last] = [this.format(`${minute}:00.000`), this.format(`${minute}:59.999`)];
    const same =
      first.slice(0, MINUTE_BYTES) === last.slice(0, MINUTE_BYTES) && first.slice(OFFSET_AT) === last.slice(OFFSET_AT);
    const form = Buffer.from(first, 'latin1');
    return same && form.length === ZONED_BYTES && form[MINUTE_BYTES] === COLON ? form : null;
  }
}

/** A small integer as a fast map key, unique for all minutes of the years 1970 to 2169. */
function minuteKey(from: Buffer, start: number): number {
  const year = 100 * twoDigits(from, start) + twoDigits(from, start + 2) - 1970;
  const day = (year * 13 + twoDigits(from, start + 5)) * 32 + twoDigits(from, start + 8);
  return (day * 24 + twoDigits(from, start + 11)) * 60 + twoDigits(from, start + 14);
}

function twoDigits(from: Buffer, at: number): number {
  return 10 * from[at]! + from[at + 1]! - 11 * 48;
}
