import type { CallFilter } from '../../../../platform/http/call.js';
import type { TimeZone } from '../../../../platform/time/time-zone.js';
import { understoodFilter } from '../../search/session-cursors.js';
import type { TimelineDensityResponse } from '../dto/timeline-density.response.js';
import type { DensityAnswer, DensityQuestion } from './density-question.js';

export function densityResponse(
  { bucketMs, isSampled, buckets }: DensityAnswer,
  zone: TimeZone,
): TimelineDensityResponse {
  const items = buckets.map(({ startMs, openAtStart, peak, logins }) => ({
    ...{ start: zone.formatMs(startMs), openAtStart },
    ...(isSampled ? { sampledPeak: peak } : { peak, logins: logins! }),
  }));
  return { bucketSeconds: bucketMs / 1000, sampled: isSampled, items };
}

/** The question as the audit records it. */
export function recordedDensity({ filter, width }: DensityQuestion): CallFilter {
  return { ...understoodFilter(filter), width };
}
