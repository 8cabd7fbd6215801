import { type LocalTime, type TimeZone, utcMs } from './time-zone.js';

/** The text is not a valid date. The message gives the reason without repeating the text. */
export class InstantSyntaxError extends Error {}

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads `2021-04-01`, `2021-04-01T12:00`, `2021-04-01T12:00:00` and `2021-04-01T12:00:00.000`, each also with `Z` or an
 * offset. A date alone means midnight. Without an offset the text is local time in `zone`. Fractions of a millisecond are
 * truncated.
 *
 * @returns milliseconds since 1970
 * @throws InstantSyntaxError
 */
export function parseInstant(text: string, zone: TimeZone): number {
  const match = FORM.exec(text);
  if (!match) throw new InstantSyntaxError('is not a date such as 2021-04-01 or 2021-04-01T12:00:00.000+03:00');
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const local: LocalTime = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.padEnd(3, '0').slice(0, 3)),
  };
  refuseImpossible(local);
  const ms = offset === undefined ? zone.toEpochMs(local) : utcMs(local) - offsetMs(offset);
  if (ms < FIRST_MS || ms > LAST_MS) throw new InstantSyntaxError('is outside the years 0001 to 9999');
  return ms;
}

const FIRST_MS = utcMs({ year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 });
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function refuseImpossible({ year, month, day, hour, minute, second }: LocalTime): void {
  if (month < 1 || month > 12) throw new InstantSyntaxError(`has no such month: ${month}`);
  if (day < 1 || day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()) {
    throw new InstantSyntaxError(`has a day that this month does not have: ${day}`);
  }
  if (hour > 23) throw new InstantSyntaxError(`has no such hour: ${hour}`);
  if (minute > 59) throw new InstantSyntaxError(`has no such minute: ${minute}`);
  if (second > 59) throw new InstantSyntaxError(`has no such second: ${second}`);
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(4));
  if (hours > 18 || minutes > 59) throw new InstantSyntaxError(`has no such offset: ${offset}`);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
