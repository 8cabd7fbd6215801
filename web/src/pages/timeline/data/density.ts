/** `GET /api/v1/timeline/density` */
export interface DensityAnswer {
  readonly bucketSeconds: number;
  readonly items: readonly { readonly start: string; readonly peak?: number; readonly sampledPeak?: number; readonly logins?: number }[];
}

export interface Density {
  readonly from: number;
  readonly to: number;
  readonly bucket: number;
  readonly starts: Float64Array;
  readonly peaks: Float64Array;
  readonly highest: number;
}

export function densityOf(answer: DensityAnswer, from: number, to: number): Density {
  const starts = Float64Array.from(answer.items, ({ start }) => Date.parse(start));
  const peaks = Float64Array.from(answer.items, ({ peak, sampledPeak }) => peak ?? sampledPeak ?? 0);
  return { from, to, bucket: answer.bucketSeconds * 1_000, starts, peaks, highest: peaks.reduce((a, b) => Math.max(a, b), 0) };
}
