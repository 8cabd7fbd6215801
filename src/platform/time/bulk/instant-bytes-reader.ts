/**
 * Returns a function that reads instant text from bytes, in milliseconds since 1970, fast enough for millions of rows.
 * Adjacent rows share their day, which is converted only once.
 *
 * @returns reads the 23 bytes `YYYY-MM-DD hh:mm:ss.sss` in UTC at `start`
 */
export function instantBytesReader(): (bytes: Uint8Array, start: number) => number {
  let day = -1;
  let dayMs = 0;
  return (bytes, start) => {
    const year = 100 * two(bytes, start) + two(bytes, start + 2);
    const monthDay = 100 * two(bytes, start + 5) + two(bytes, start + 8);
    if (day !== 10_000 * year + monthDay) {
      day = 10_000 * year + monthDay;
      dayMs = Date.UTC(year, Math.floor(monthDay / 100) - 1, monthDay % 100);
    }
    const seconds = 3600 * two(bytes, start + 11) + 60 * two(bytes, start + 14) + two(bytes, start + 17);
    return dayMs + 1000 * seconds + 100 * (bytes[start + 20]! - 48) + two(bytes, start + 21);
  };
}

function two(bytes: Uint8Array, at: number): number {
  return 10 * bytes[at]! + bytes[at + 1]! - 11 * 48;
}
