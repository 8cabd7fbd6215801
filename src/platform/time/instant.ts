/**
 * Instants are represented as text `YYYY-MM-DD hh:mm:ss.sss` in UTC, the format of DATETIME(3). Its text order is time order,
 * it is the same on every engine, and no time zone of a process, connection or server can shift it.
 */

/** Range of logins that can be stored: the interval index has 32 bits for seconds since 1970 (see ADR 4). */
export const MIN_INSTANT_MS = 1000;
export const MAX_INSTANT_MS = Date.UTC(2106, 1, 7, 6, 28, 13, 999);

/** @param ms milliseconds since 1970, years 0000 to 9999 */
export function toInstantText(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}

/** @returns milliseconds since 1970 */
export function fromInstantText(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, 23)}Z`);
}

const FORM = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/** Whether a value that came from outside is instant text. Date is lenient, so the text must be what Date would write. */
export function isInstantText(value: unknown): value is string {
  if (typeof value !== 'string' || !FORM.test(value)) return false;
  const ms = fromInstantText(value);
  return !Number.isNaN(ms) && toInstantText(ms) === value;
}
