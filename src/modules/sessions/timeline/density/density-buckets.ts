import { UNIT_MS } from '../../../../platform/time/duration.js';

/** Instants of each bucket at which open sessions are counted, if there are too many sessions to count them all. */
const SAMPLES = 4;

/** Starts of the buckets of [fromMs, toMs): `fromMs`, then the multiples of the length since 1970. */
export function bucketStarts(fromMs: number, toMs: number, bucketMs: number): number[] {
  const starts: number[] = [];
  for (let ms = fromMs; ms < toMs; ms = (Math.floor(ms / bucketMs) + 1) * bucketMs) starts.push(ms);
  return starts;
}

/**
 * The sampled instants of a bucket: its start, and three others. Buckets of days are sampled at different hours, as most
 * sessions begin and end with the day.
 */
export function sampledInstants(startMs: number, untilMs: number, bucketMs: number): number[] {
  const distance = bucketMs / SAMPLES + Math.min(6 * UNIT_MS.h, bucketMs / (4 * SAMPLES));
  return Array.from({ length: SAMPLES }, (_, i) => Math.floor(startMs + i * distance)).filter((ms) => ms < untilMs);
}
