/**
 * Instants travel as text `YYYY-MM-DD hh:mm:ss.sss` in UTC, the form of DATETIME(3): it sorts as it reads, is the same
 * on every engine, and no zone of a process, connection or server can shift it.
 */

/** First and last login that can be kept: the interval index counts seconds from 1970 in 32 bits (see ADR 4). */
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
