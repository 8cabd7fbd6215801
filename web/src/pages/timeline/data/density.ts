/** `GET /api/v1/timeline/density` */
export interface DensityAnswer {
  readonly bucketSeconds: number;
  readonly items: readonly { readonly start: string; readonly peak: number; readonly logins?: number }[];
}

export interface Density {
  readonly from: number;
  readonly to: number;
  readonly bucket: number;
  readonly starts: Float64Array;
  readonly peaks: Float64Array;
  readonly highest: number;
}

/** @param now later buckets are left out: sessions that are open now would seem to last for ever */
export function densityOf(answer: DensityAnswer, from: number, to: number, now: number): Density {
  const items = answer.items.filter(({ start }) => Date.parse(start) <= now);
  const starts = Float64Array.from(items, ({ start }) => Date.parse(start));
  const peaks = Float64Array.from(items, ({ peak }) => peak);
  return { from, to, bucket: answer.bucketSeconds * 1_000, starts, peaks, highest: peaks.reduce((a, b) => Math.max(a, b), 0) };
}
