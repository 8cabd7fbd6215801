import type { ShownSession } from '../../modules/sessions/search/shown-session.js';
import { fromInstantText } from '../../platform/time/instant.js';
import type { SessionsQuery } from '../../modules/sessions/search/dto/sessions.query.js';

/** Tells from the last item of a piece which part of a list is done, 0 to 1. */
export type ExportSpan = (last: object) => number;

/**
 * Sessions come in the order of login, so the login tells how far an export is. Undefined when the first login is not
 * known: in descending order without `from`.
 */
export function sessionSpan(
  { from, to, order = 'asc' }: Pick<SessionsQuery, 'from' | 'to' | 'order'>,
  nowMs: number,
): ExportSpan | undefined {
  const endMs = Math.min(to ?? nowMs, nowMs);
  let startMs = from;
  if (order === 'desc') {
    if (from === undefined) return undefined;
    return (last) => part(endMs - loginMs(last), endMs - from);
  }
  return (last) => {
    startMs ??= loginMs(last);
    return part(loginMs(last) - startMs, endMs - startMs);
  };
}

function loginMs(session: object): number {
  return fromInstantText((session as Pick<ShownSession, 'found'>).found.login);
}

function part(done: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, done / whole));
}
