/** `GET /api/v1/timeline/density` */
export interface DensityAnswer {
  readonly bucketSeconds: number;
  /** Whether there were too many sessions to count each of them. */
  readonly sampled: boolean;
  readonly items: readonly {
    readonly start: string;
    readonly openAtStart: number;
    readonly peak?: number;
    readonly sampledPeak?: number;
  }[];
}

export interface Density {
  readonly from: number;
  readonly to: number;
  readonly bucket: number;
  readonly starts: Float64Array;
  readonly peaks: Float64Array;
  readonly highest: number;
  readonly sampled: boolean;
}

/** @param now later buckets are left out: sessions that are open now would seem to last for ever */
export function densityOf(answer: DensityAnswer, from: number, to: number, now: number): Density {
  const items = answer.items.filter(({ start }) => Date.parse(start) <= now);
  const starts = Float64Array.from(items, ({ start }) => Date.parse(start));
  const peaks = Float64Array.from(items, (item) => item.peak ?? item.sampledPeak ?? item.openAtStart);
  const highest = peaks.reduce((a, b) => Math.max(a, b), 0);
  return { from, to, bucket: answer.bucketSeconds * 1_000, starts, peaks, highest, sampled: answer.sampled };
}
