/**
 * The life cycle of the audit record of one call:
 *
 * - `received`: nothing is recorded yet.
 * - `requested`: its `request` record is pending. `durable`: that record is written, and protected data may leave.
 * - `refusing`: its `refused` record is pending; it holds the whole call, which is answered with an error and nothing else.
 *   `refused`: that record is written.
 * - `summed`: the call is counted in a summary and gets no record of its own.
 * - `failed`: its record could not be written. Only `audit-unavailable` may be answered.
 * - `leaving`: the connection closed while the `request` record was pending; the outcome follows that record.
 * - `finished`: the connection closed after the `request` record was written; the outcome is recorded.
 * - `abandoned`: the connection closed before anything was recorded; one `abandoned` record holds the whole call.
 * - `closed`: the connection closed, and nothing more is recorded.
 */
export type RecordState =
  | 'received'
  | 'requested'
  | 'durable'
  | 'refusing'
  | 'refused'
  | 'summed'
  | 'failed'
  | 'leaving'
  | 'finished'
  | 'abandoned'
  | 'closed';

/**
 * `request`, `refuse`: a record of that kind was queued. `written`, `failed`: the result for the pending record.
 * `sum`: the call was counted in a summary. `close`: the answer has ended, or its connection is lost.
 */
export type RecordEvent = 'request' | 'refuse' | 'sum' | 'written' | 'failed' | 'close';

const TRANSITIONS: Readonly<Record<RecordState, Partial<Record<RecordEvent, RecordState>>>> = {
  received: { request: 'requested', refuse: 'refusing', sum: 'summed', failed: 'failed', close: 'abandoned' },
  requested: { written: 'durable', failed: 'failed', close: 'leaving' },
  durable: { close: 'finished' },
  refusing: { written: 'refused', failed: 'failed', close: 'closed' },
  refused: { close: 'closed' },
  summed: { close: 'closed' },
  failed: { close: 'closed' },
  leaving: { written: 'finished', failed: 'closed' },
  finished: {},
  abandoned: {},
  // The result of a `refused` record may arrive after the connection closed.
  closed: { written: 'closed', failed: 'closed' },
};

/** @throws Error when the event cannot happen in this state */
export function nextState(state: RecordState, event: RecordEvent): RecordState {
  const next = TRANSITIONS[state][event];
  if (next === undefined) throw new Error(`An audit record that is ${state} cannot take the event ${event}.`);
  return next;
}

/** Whether the answer may leave. After the connection closed, nothing can leave any more. */
export function isReleased(state: RecordState): boolean {
  return !['received', 'requested', 'refusing', 'failed'].includes(state);
}

/** Whether the connection is closed, so that the handler should stop. */
export function isClosed(state: RecordState): boolean {
  return ['leaving', 'finished', 'abandoned', 'closed'].includes(state);
}
