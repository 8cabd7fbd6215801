import { UNIT_MS } from '../../../platform/time/duration.js';

const { s: SECOND, m: MINUTE, h: HOUR, d: DAY } = UNIT_MS;

/** Lengths of buckets in milliseconds, each about twice as long as the one before. Longer ones double. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND],
  ...[MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY],
];
/** Pixels of a bucket: the width of the smallest gap that is drawn. */
const PIXELS = 2;

/** Buckets that fit into a width in pixels, at least one. */
export function maxBuckets(width: number): number {
  return Math.max(1, Math.floor(width / PIXELS));
}

/**
 * The length of a bucket in milliseconds: the shortest step of which at most one for two pixels fits into the window. Windows of
 * nearly the same length have the same buckets, so a view that is panned or zoomed a little does not change its appearance.
 */
export function bucketLength(windowMs: number, width: number): number {
  const shortest = windowMs / maxBuckets(width);
  const step = STEPS.find((ms) => ms >= shortest);
  if (step !== undefined) return step;
  let days = 2;
  while (days * DAY < shortest) days *= 2;
  return days * DAY;
}
