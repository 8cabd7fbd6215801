const FORM = /^(\d{1,9})(s|m|h|d)$/;
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LONGEST_MS = 90 * UNIT_MS.d;

/** Long enough to hand a key to whoever uses it within a working day. */
export const DEFAULT_OVERLAP = '24h';

/** @returns milliseconds of `0`, `90s`, `15m`, `24h` or `7d`; undefined for anything else, and above 90 days */
export function overlapMs(text: unknown): number | undefined {
  if (text === '0') return 0;
  const match = typeof text === 'string' ? FORM.exec(text) : null;
  if (!match) return undefined;
  const ms = Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
  return ms <= LONGEST_MS ? ms : undefined;
}
