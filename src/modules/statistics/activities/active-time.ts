/**
 * Computes the active time of one session. An activity makes the session active from its instant until the next activity,
 * the end of the session, or the idle time-out, whichever comes first. The remaining time is idle.
 *
 * Add the activities in order (instant, then digest), then call `until` with the end. All values are in milliseconds since
 * 1970.
 */
export class ActiveTime<Value> {
  private idleFrom = -Infinity;
  /** The end of the time that was reported. */
  private reportedTo = -Infinity;
  private value: Value | undefined;

  /** @param report receives each active span, half-open and never empty, in order; a span may come in several parts */
  constructor(
    private readonly idleTimeoutMs: number,
    private readonly report: (fromMs: number, toMs: number, value: Value) => void,
  ) {}

  activity(atMs: number, value: Value): void {
    this.until(atMs);
    this.reportedTo = atMs;
    this.idleFrom = atMs + this.idleTimeoutMs;
    this.value = value;
  }

  /** There is no other activity before `ms`: the session, or the part of it that is measured, ends there. May be repeated. */
  until(ms: number): void {
    const to = Math.min(ms, this.idleFrom);
    if (to <= this.reportedTo) return;
    this.report(this.reportedTo, to, this.value as Value);
    this.reportedTo = to;
  }
}
