/**
 * The active time of one session. An activity holds from its instant until the next activity of its session, the end of
 * the session, or the idle time-out, whichever comes first; what is left is idle.
 *
 * Feed it the activities in order (instant, then digest), then the end. All in milliseconds since 1970.
 */
export class ActiveTime<Value> {
  private lapsesAt = -Infinity;
  /** Up to here the span of the latest activity was told. */
  private told = -Infinity;
  private value: Value | undefined;

  /** @param tell takes each span, half-open and never empty, in order; a span may come in several pieces */
  constructor(
    private readonly idleTimeoutMs: number,
    private readonly tell: (fromMs: number, toMs: number, value: Value) => void,
  ) {}

  activity(atMs: number, value: Value): void {
    this.until(atMs);
    this.told = atMs;
    this.lapsesAt = atMs + this.idleTimeoutMs;
    this.value = value;
  }

  /** Nothing happened up to here: the session ended, or the part of it that is being measured. May be called again. */
  until(ms: number): void {
    const to = Math.min(ms, this.lapsesAt);
    if (to <= this.told) return;
    this.tell(this.told, to, this.value as Value);
    this.told = to;
  }
}
