import type { TimeWindow } from './time-window.js';

/** Login and effective end (logout, or the last sign of life of a lost session; null = live) as instant text. */
export interface Span {
  readonly login: string;
  readonly end: string | null;
}

/** First and last activity of a session inside [start, end) of the window, wherever the session itself lies; null for none. */
export interface ActivityBounds {
  readonly first: string | null;
  readonly last: string | null;
}

/**
 * Whether a window shows a session at all. The database answers this by index; here is the rule it must agree with. A
 * session that ended at the start is not in the window; equal bounds ask for what is open at that instant.
 */
export function isSelected({ login, end }: Span, window: TimeWindow): boolean {
  if (window.end !== null && (window.start === window.end ? login > window.end : login >= window.end)) return false;
  return window.start === null || login >= window.start || end === null || end > window.start;
}

export function crossesStart(span: Span, window: TimeWindow): boolean {
  return window.start !== null && span.login < window.start;
}

/** A live session crosses every end that has been reached. */
export function crossesEnd(span: Span, window: TimeWindow, now: string): boolean {
  if (window.end === null) return false;
  return span.end === null ? window.end <= now : span.end > window.end;
}

/**
 * The session as the window sees it (contract, section 2). Only activities within [login, end] of the session count;
 * a bound with none recorded inside is the bound itself.
 *
 * @param inside null when no activity is recorded in the window; a session that crosses one bound needs one of the two
 * @param now the instant of the request
 */
export function clip(span: Span, window: TimeWindow, inside: ActivityBounds | null, now: string): Span {
  let { login, end } = span;
  const { first, last } = inside ?? { first: null, last: null };
  if (crossesStart(span, window)) {
    const start = window.start!;
    // The smallest activity in the window: if it lies after the end of the session, so do all others.
    login = first !== null && (span.end === null || first <= span.end) ? first : start;
  }
  if (crossesEnd(span, window, now)) {
    // The largest one: if it lies before the login, so do all others.
    end = last !== null && last >= span.login ? last : window.end!;
  }
  return { login, end };
}
