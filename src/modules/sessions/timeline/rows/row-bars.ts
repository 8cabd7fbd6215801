import type { SessionState } from '../../search/session-filter.js';

/** A session as the window shows it, or several that are drawn as one. Instants in milliseconds since 1970. */
export interface Bar {
  readonly startMs: number;
  /** +∞ = open end. */
  readonly endMs: number;
  readonly state: SessionState;
  /** Number of sessions. */
  readonly sessions: number;
  /** The session, if it is a single one. */
  readonly sessionId: number;
  /** Whether one of the sessions began before the window, or goes on after it. */
  readonly clippedStart: boolean;
  readonly clippedEnd: boolean;
}

export interface Bars {
  /** By start. */
  readonly bars: readonly Bar[];
  /** Milliseconds: shorter gaps were closed. */
  readonly bucketMs: number;
}

/** One bar for each state is always allowed. */
const MIN_BARS = 3;

/**
 * Collects the sessions of one row and reduces them to at most `maxBars` bars, so that no session is invisible and no edge
 * is moved:
 *
 * 1. A session that lasts a bucket or longer is a bar, with its exact bounds. An open end counts as longer.
 * 2. Shorter sessions of one state are one bar while the gap to the next one is shorter than a bucket. The bar begins with
 *    the first of them and ends with the last end. Sessions of different states are never merged.
 * 3. If these are too many bars, because many sessions overlap, the second rule applies to all sessions of any length.
 *    If there are still too many, the gap is doubled until they fit (see `bucketMs` of the result).
 *
 * Hence each session lies within exactly one bar of its state, each bar begins and ends where one of its sessions does, and
 * every instant of a bar is less than a bucket away from one of its sessions.
 *
 * Sessions are added in any order. Those that the second rule certainly merges, because they begin in the same part of a
 * grid of buckets, are summed up at once: memory grows with `maxBars`, not with the number of sessions.
 */
export class RowBars {
  /** Sums by state and part of the grid. */
  private readonly cells: Readonly<Record<SessionState, Map<number, Bar>>> = {
    ended: new Map(),
    live: new Map(),
    lost: new Map(),
  };
  private long: Bar[] = [];
  private mergesAll = false;

  /** @param bucketMs at least a part of `1 / maxBars` of the window */
  constructor(
    private readonly bucketMs: number,
    private readonly maxBars: number,
  ) {}

  add(bar: Bar): void {
    if (!this.mergesAll && bar.endMs - bar.startMs >= this.bucketMs) {
      this.long.push(bar);
      if (this.long.length > Math.max(this.maxBars, MIN_BARS)) this.mergeAll();
    } else this.addToCell(bar);
  }

  result(): Bars {
    const most = Math.max(this.maxBars, MIN_BARS);
    const bars = [...this.long, ...this.runs(this.bucketMs)];
    if (bars.length <= most) return { bars: bars.sort(byStart), bucketMs: this.bucketMs };
    this.mergeAll();
    let factor = 1;
    let merged = this.runs(this.bucketMs);
    while (merged.length > most) merged = this.runs((factor *= 2) * this.bucketMs);
    return { bars: merged.sort(byStart), bucketMs: factor * this.bucketMs };
  }

  private mergeAll(): void {
    this.mergesAll = true;
    for (const bar of this.long) this.addToCell(bar);
    this.long = [];
  }

  private addToCell(bar: Bar): void {
    const cells = this.cells[bar.state];
    const cell = Math.floor(bar.startMs / this.bucketMs);
    const known = cells.get(cell);
    cells.set(cell, known ? together(known, bar) : bar);
  }

  private runs(gapMs: number): Bar[] {
    return Object.values(this.cells).flatMap((cells) => {
      const runs: Bar[] = [];
      for (const bar of [...cells.values()].sort(byStart)) {
        const last = runs.at(-1);
        if (last && bar.startMs - last.endMs < gapMs) runs[runs.length - 1] = together(last, bar);
        else runs.push(bar);
      }
      return runs;
    });
  }
}

function together(a: Bar, b: Bar): Bar {
  return {
    startMs: Math.min(a.startMs, b.startMs),
    endMs: Math.max(a.endMs, b.endMs),
    state: a.state,
    sessions: a.sessions + b.sessions,
    sessionId: 0,
    clippedStart: a.clippedStart || b.clippedStart,
    clippedEnd: a.clippedEnd || b.clippedEnd,
  };
}

function byStart(a: Bar, b: Bar): number {
  return a.startMs - b.startMs || a.endMs - b.endMs || a.sessionId - b.sessionId;
}
