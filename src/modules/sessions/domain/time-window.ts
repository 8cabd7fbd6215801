import { MIN_INSTANT_MS, toInstantText } from '../../../platform/time/instant.js';
import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import type { ParameterFault } from '../../../platform/http/problems/problem.js';
import { invalidParameters } from '../../../platform/http/validation/query-string.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';

/** The half-open window [start, end) as instant text; null = no bound; equal bounds = that instant. */
export interface TimeWindow {
  readonly start: string | null;
  readonly end: string | null;
}

export const WINDOW_PARAMETERS = ['start', 'end'] as const;

/**
 * Engines promise nothing about a DATETIME before the year 1000. Every login is later than this, so an earlier bound
 * selects and clips the same as this one; a late bound is kept, as it may be shown (the login of a live session).
 */
const EARLIEST_BOUND_MS = MIN_INSTANT_MS - 1000;

/** @throws ProblemError `invalid-parameter` that names every bound that is wrong */
export function parseWindow(query: ReadonlyMap<string, string>, zone: TimeZone): TimeWindow {
  const errors: ParameterFault[] = [];
  const bound = (parameter: string): number | null => {
    const text = query.get(parameter);
    if (text === undefined) return null;
    try {
      if (text === '') throw new InstantSyntaxError('is empty; leave it out for a window without this bound');
      return parseInstant(text, zone);
    } catch (error) {
      if (!(error instanceof InstantSyntaxError)) throw error;
      errors.push({ parameter, detail: error.message });
      return null;
    }
  };
  const start = bound('start');
  const end = bound('end');
  if (start !== null && end !== null && start > end) errors.push({ parameter: 'start', detail: 'is after end' });
  if (errors.length > 0) throw invalidParameters(errors);
  return { start: boundText(start), end: boundText(end) };
}

function boundText(ms: number | null): string | null {
  return ms === null ? null : toInstantText(Math.max(ms, EARLIEST_BOUND_MS));
}
