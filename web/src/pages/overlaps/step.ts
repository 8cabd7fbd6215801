const HOUR = 3_600_000;

/** Steps of `GET /api/v1/concurrency`, with the longest period that each is used for: at most about 700 buckets. */
const STEPS: readonly (readonly [step: string, longest: number])[] = [
  ['15m', 3 * 24 * HOUR],
  ['1h', 29 * 24 * HOUR],
  ['1d', 700 * 24 * HOUR],
  ['1w', 4_900 * 24 * HOUR],
];

/** @param length of the period in milliseconds */
export function stepFor(length: number): string {
  return STEPS.find(([, longest]) => length <= longest)?.[0] ?? '1mo';
}
