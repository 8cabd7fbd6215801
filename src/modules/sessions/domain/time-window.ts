import { MIN_INSTANT_MS, toInstantText } from '../../../platform/time/instant.js';

/** Earlier and later than every stored instant, as instant text. */
export const MIN_INSTANT = '1970-01-01 00:00:00.000';
export const MAX_INSTANT = '9999-12-31 23:59:59.999';

/** The half-open window [start, end) as instant text; null = no bound; equal bounds = that instant. */
export interface TimeWindow {
  readonly start: string | null;
  readonly end: string | null;
}

/**
 * Engines promise nothing about a DATETIME before the year 1000. Every login is later than this, so an earlier bound
 * selects and clips the same as this one. A late bound is kept, because it can appear in an answer (the login of a live
 * session).
 */
const EARLIEST_BOUND_MS = MIN_INSTANT_MS - 1000;

/** @param bounds in milliseconds since 1970; absent = no bound */
export function timeWindow({ start, end }: { readonly start?: number; readonly end?: number }): TimeWindow {
  return { start: boundText(start), end: boundText(end) };
}

function boundText(ms: number | undefined): string | null {
  return ms === undefined ? null : toInstantText(Math.max(ms, EARLIEST_BOUND_MS));
}
