import type { WindowPage } from '../../sessions/sessions.service.js';
import type { ActivityRange, ActivityRow } from './activities.repository.js';
import type { ActiveTime } from './active-time.js';

export type WindowRow = WindowPage['rows'][number];

/** A session from login to end, as its window shows it. Only activities in this range count. */
export interface MeasuredRange extends ActivityRange {
  readonly userId: number;
}

/**
 * @param row clipped
 * @param now as instant text; a live session is measured up to here, but its range never ends before it begins
 */
export function measuredRange([id, , userId, from, end]: WindowRow, now: string): MeasuredRange {
  return { id, userId, from, to: end ?? (now > from ? now : from) };
}

/** Adds the activities within a session's range to its active time. @param readMs see instantReader */
export function feed<Value>(
  time: ActiveTime<Value>,
  rows: readonly ActivityRow[],
  { from, to }: ActivityRange,
  readMs: (instantText: string) => number,
  valueOf: (text: string | null) => Value,
): void {
  for (const [, at, value] of rows) {
    // Sessions of one statement share its range of time, and an activity may lie outside its own session.
    if (at >= from && at <= to) time.activity(readMs(at), valueOf(value));
  }
}
