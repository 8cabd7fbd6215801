interface Span {
  readonly start: number;
  readonly end: number;
}

/** More lanes than this cannot be told apart in a row; further spans share the last one. */
export const MAX_LANES = 4;

/**
 * Puts spans that overlap beside each other: a lane for each, the first that is free. `spans` must be ordered by start.
 *
 * @returns the number of lanes, and the lane of each span
 */
export function assignLanes(spans: readonly Span[]): { count: number; lanes: Uint8Array } {
  const lanes = new Uint8Array(spans.length);
  const ends: number[] = [];
  for (const [i, { start, end }] of spans.entries()) {
    let lane = ends.findIndex((last) => last <= start);
    if (lane < 0) lane = Math.min(ends.length, MAX_LANES - 1);
    ends[lane] = Math.max(ends[lane] ?? -Infinity, end);
    lanes[i] = lane;
  }
  return { count: Math.max(1, ends.length), lanes };
}
