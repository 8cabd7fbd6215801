import { EndsHeap } from '../ends-heap.js';
import type { Bucket, BucketWalk } from './buckets.js';

/** What happened in one bucket, of all sessions or of one group. A session is open in [login, end). */
export interface Counts {
  /** Id of the user or client; 0 = all sessions. */
  readonly group: number;
  /** Sessions open at the first instant of the bucket. */
  readonly openAtStart: number;
  /** The highest number of sessions open at one instant of the bucket. */
  readonly peak: number;
  readonly logins: number;
  readonly ends: number;
}

export interface BucketCounts {
  readonly bucket: Bucket;
  /** Groups with a session that is open or ends in the bucket, in no order; at least one. Without groups exactly one element. */
  readonly counts: readonly Counts[];
}

type State = { -readonly [Name in keyof Counts]: Counts[Name] } & { open: number };

/**
 * Counts open sessions in a sweep over time. Logins arrive in order, and a heap orders the ends of the open sessions, so
 * memory grows with the sessions that are open at once. At one instant, ends come before logins.
 */
export class ConcurrencySweep {
  private readonly heap = new EndsHeap();
  private readonly states = new Map<number, State>();
  private bucket: Bucket | undefined;

  /** @param grouped whether to count by group; otherwise every group must be 0 */
  constructor(
    private readonly buckets: BucketWalk,
    private readonly grouped: boolean,
  ) {
    this.bucket = buckets.next();
    if (!grouped) this.stateOf(0);
  }

  /**
   * Takes the next session by login. Sessions that began before the first bucket come first and must end at its start or
   * later. @param endMs +∞ while the session is live @returns the buckets that ended before this login
   */
  *add(loginMs: number, endMs: number, group: number): Generator<BucketCounts> {
    yield* this.advance(loginMs);
    if (this.bucket) this.open(loginMs, endMs, group);
  }

  /** Whether `add` with this login would return nothing: a fast check for most sessions. */
  isWithinBucket(loginMs: number): boolean {
    return this.bucket !== undefined && loginMs < this.bucket.endMs;
  }

  /** Takes a session for which `isWithinBucket` is true. */
  open(loginMs: number, endMs: number, group: number): void {
    this.endUntil(loginMs);
    const { startMs } = this.bucket!;
    const state = this.stateOf(group);
    if (loginMs >= startMs) state.logins++;
    if (endMs === loginMs) {
      state.ends++;
      return;
    }
    state.open++;
    if (loginMs <= startMs) state.openAtStart = state.peak = state.open;
    else if (state.open > state.peak) state.peak = state.open;
    if (endMs !== Infinity) this.heap.push(endMs, group);
  }

  /** @returns the remaining buckets */
  finish(): Generator<BucketCounts> {
    return this.advance(Infinity);
  }

  private *advance(untilMs: number): Generator<BucketCounts> {
    while (this.bucket && this.bucket.endMs <= untilMs) {
      // Billions of minutes without a session would otherwise be visited one by one, and block the process.
      if (this.grouped && this.states.size === 0) {
        if (untilMs > this.bucket.endMs) this.buckets.skipTo(untilMs);
        this.bucket = this.buckets.next();
        continue;
      }
      // Instants are whole milliseconds.
      this.endUntil(this.bucket.endMs - 1);
      yield { bucket: this.bucket, counts: this.take() };
      this.bucket = this.buckets.next();
    }
  }

  private endUntil(ms: number): void {
    const { heap } = this;
    for (let end = heap.earliest; end <= ms; end = heap.earliest) {
      const state = this.states.get(heap.pop())!;
      state.open--;
      state.ends++;
      if (end === this.bucket!.startMs) state.openAtStart = state.peak = state.open;
    }
  }

  private take(): Counts[] {
    const counts: Counts[] = [];
    for (const state of this.states.values()) {
      const { group, openAtStart, peak, logins, ends, open } = state;
      counts.push({ group, openAtStart, peak, logins, ends });
      if (open === 0 && this.grouped) this.states.delete(group);
      else Object.assign(state, { openAtStart: open, peak: open, logins: 0, ends: 0 });
    }
    return counts;
  }

  private stateOf(group: number): State {
    let state = this.states.get(group);
    if (state === undefined) {
      state = { group, open: 0, openAtStart: 0, peak: 0, logins: 0, ends: 0 };
      this.states.set(group, state);
    }
    return state;
  }
}
