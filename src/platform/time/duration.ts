const FORM = /^(\d{1,10})(ms|s|m|h|d)$/;

/** Milliseconds of each unit. */
export const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * The longest delay of a timer of Node, in milliseconds. `setTimeout` fires at once when its delay is longer:
 * https://nodejs.org/docs/latest-v20.x/api/timers.html#settimeoutcallback-delay-args
 */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export interface DurationRange {
  /** Milliseconds, inclusive; 0 by default. */
  readonly min?: number;
  /** Milliseconds, inclusive. */
  readonly max: number;
  /** `s` refuses the unit `ms`; `ms` by default. */
  readonly smallestUnit?: 'ms' | 's';
}

/**
 * Reads a whole number with a unit: `250ms`, `90s`, `15m`, `24h`, `7d`; also `0`.
 *
 * @returns milliseconds; undefined for any other text, and outside the range
 */
export function parseDuration(text: unknown, { min = 0, max, smallestUnit = 'ms' }: DurationRange): number | undefined {
  if (typeof text !== 'string') return undefined;
  const [, digits, unit] = FORM.exec(text === '0' ? '0s' : text) ?? [];
  if (digits === undefined || (unit === 'ms' && smallestUnit === 's')) return undefined;
  const ms = Number(digits) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return ms >= min && ms <= max ? ms : undefined;
}

/** @returns the duration as `parseDuration` reads it, in the largest unit that needs no fraction, such as `7d` */
export function durationText(ms: number): string {
  const units = Object.entries(UNIT_MS).reverse();
  const [unit, size] = units.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return ms === 0 ? '0' : `${ms / size}${unit}`;
}

/** ISO 8601-1:2019, 5.5.2.2: weeks, or days and a time. Years and months have no fixed length. */
const ISO_FORM =
  /^P(?=\d|T\d)(?:(\d{1,6})W|(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,10})(?:\.(\d{1,3}))?S)?)?)$/;

/**
 * Reads an ISO 8601 duration without years and months: `PT8H`, `P1DT12H`, `PT0.5S`, `P2W`.
 *
 * @returns milliseconds; undefined for any other text
 */
export function parseIsoDuration(text: string): number | undefined {
  const parts = ISO_FORM.exec(text);
  if (!parts) return undefined;
  const [weeks, days, hours, minutes, seconds] = parts.slice(1, 6).map((digits) => Number(digits ?? 0)) as [
    ...[number, number, number, number, number],
  ];
  const milliseconds = Number((parts[6] ?? '').padEnd(3, '0'));
  const { s, m, h, d } = UNIT_MS;
  return (7 * weeks + days) * d + hours * h + minutes * m + seconds * s + milliseconds;
}
