/** What happened in one bucket. A session is open in [login, end). */
export interface Density {
  /** Milliseconds since 1970. */
  readonly startMs: number;
  /** Sessions open at `startMs`, including those that begin at it. */
  readonly openAtStart: number;
  /** The highest number open at one instant of the bucket, or at one of the sampled ones. */
  readonly peak: number;
  /** Sessions that begin in the bucket; null when instants were sampled. */
  readonly logins: number | null;
}

/** Login and end of sessions in milliseconds since 1970; an end of +∞ = live. */
export type Spans = Iterable<readonly [loginMs: number, endMs: number]>;

/** Logins and ends of sessions, as numbers in growing typed arrays: there may be hundreds of thousands. */
export class SessionBounds {
  private readonly logins = new Numbers();
  private readonly opened = new Numbers();
  private readonly ends = new Numbers();

  addAll(spans: Spans): void {
    for (const [loginMs, endMs] of spans) {
      this.logins.add(loginMs);
      if (endMs <= loginMs) continue;
      this.opened.add(loginMs);
      if (endMs !== Infinity) this.ends.add(endMs);
    }
  }

  /** @param starts of the buckets, ascending; the last bucket ends at `toMs` */
  count(starts: readonly number[], toMs: number): Density[] {
    const [logins, opened, ends] = [this.logins.sorted(), this.opened.sorted(), this.ends.sorted()];
    let [login, open, end] = [0, 0, 0];
    while (logins[login]! < starts[0]!) login++;
    return starts.map((startMs, i) => {
      const until = starts[i + 1] ?? toMs;
      while (opened[open]! <= startMs) open++;
      while (ends[end]! <= startMs) end++;
      const openAtStart = open - end;
      let peak = openAtStart;
      // At one instant, ends come before logins.
      while (opened[open]! < until) {
        while (ends[end]! <= opened[open]!) end++;
        peak = Math.max(peak, ++open - end);
      }
      const first = login;
      while (logins[login]! < until) login++;
      return { startMs, openAtStart, peak, logins: login - first };
    });
  }
}

class Numbers {
  private values = new Float64Array(1024);
  private count = 0;

  add(value: number): void {
    if (this.count === this.values.length) {
      const longer = new Float64Array(2 * this.count);
      longer.set(this.values);
      this.values = longer;
    }
    this.values[this.count++] = value;
  }

  sorted(): Float64Array {
    return this.values.subarray(0, this.count).sort();
  }
}
