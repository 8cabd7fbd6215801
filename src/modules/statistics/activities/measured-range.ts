import type { WindowPage } from '../../sessions/sessions.service.js';
import type { ActivityRange, ActivityRow } from './activities.queries.js';
import type { ActiveTime } from './active-time.js';

export type WindowRow = WindowPage['rows'][number];

/** From the login to the end of a session as its window shows it: only activities in here count. */
export interface MeasuredRange extends ActivityRange {
  readonly userId: number;
}

/**
 * @param row clipped
 * @param now as instant text: a session still open is measured up to here, and never before its login
 */
export function measuredRange([id, , userId, from, end]: WindowRow, now: string): MeasuredRange {
  return { id, userId, from, to: end ?? (now > from ? now : from) };
}

/** Hands the activities of a session that count to its measure. @param readMs see instantReader */
export function feed<Value>(
  time: ActiveTime<Value>,
  rows: readonly ActivityRow[],
  { from, to }: ActivityRange,
  readMs: (instantText: string) => number,
  valueOf: (text: string | null) => Value,
): void {
  for (const [, at, value] of rows) {
    // Several sessions are read with one range of time, and an activity may be stamped outside its own session.
    if (at >= from && at <= to) time.activity(readMs(at), valueOf(value));
  }
}
