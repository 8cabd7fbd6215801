import type { TimeWindow } from './time-window.js';

/** Login and effective end as instant text. The end is the logout, or the last sign of life of a lost session; null = live. */
export interface Span {
  readonly login: string;
  readonly end: string | null;
}

/** First and last activity of a session inside [start, end) of the window, also outside of the session itself; null = none. */
export interface ActivityBounds {
  readonly first: string | null;
  readonly last: string | null;
}

/**
 * Whether a window contains a session: the reference for the SQL of `SessionsRepository`. A session that ended at the start
 * is not in the window. A window with equal bounds contains the sessions that are open at that instant.
 */
export function isSelected({ login, end }: Span, window: TimeWindow): boolean {
  if (window.end !== null && (window.start === window.end ? login > window.end : login >= window.end)) return false;
  return window.start === null || login >= window.start || end === null || end > window.start;
}

export function crossesStart(span: Span, window: TimeWindow): boolean {
  return window.start !== null && span.login < window.start;
}

/** A live session crosses the end of a window unless that lies in the future. */
export function crossesEnd(span: Span, window: TimeWindow, now: string): boolean {
  if (window.end === null) return false;
  return span.end === null ? window.end <= now : span.end > window.end;
}

/**
 * The session as the window shows it (docs/contract.md, section 2). A login or end outside the window becomes the first or
 * last activity inside, or the bound of the window if there is none. Only activities within [login, end] of the session
 * count.
 *
 * @param inside null when the window has no activity; `first` and `last` are read only if the session crosses that bound
 * @param now the instant of the request, as instant text
 */
export function clip(span: Span, window: TimeWindow, inside: ActivityBounds | null, now: string): Span {
  let { login, end } = span;
  const { first, last } = inside ?? { first: null, last: null };
  if (crossesStart(span, window)) {
    const start = window.start!;
    // If the first activity in the window lies after the end of the session, all others do, too.
    login = first !== null && (span.end === null || first <= span.end) ? first : start;
  }
  if (crossesEnd(span, window, now)) {
    // If the last activity in the window lies before the login, all others do, too.
    end = last !== null && last >= span.login ? last : window.end!;
  }
  return { login, end };
}
