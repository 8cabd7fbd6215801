import { UNIT_MS, parseDuration } from '../../../platform/time/duration.js';

/** Long enough to hand the new key over within a working day. */
export const DEFAULT_OVERLAP = '24h';

const RANGE = { max: 90 * UNIT_MS.d, smallestUnit: 's' } as const;

/** @returns milliseconds of `0`, `90s`, `15m`, `24h` or `7d`; undefined for any other value, and above 90 days */
export function overlapMs(text: unknown): number | undefined {
  return parseDuration(text, RANGE);
}
