import type { TimeZone } from '../../../../platform/time/time-zone.js';
import type { TimelineBarResponse, TimelineRowResponse, TimelineRowsResponse } from '../dto/timeline-rows.response.js';
import type { Bar } from './row-bars.js';
import type { TimelineRows } from './timeline-rows.service.js';

/** The rows of an answer. @param next cursor of the next page */
export function rowsResponse(found: TimelineRows, next: string | null, zone: TimeZone): TimelineRowsResponse {
  const { bucketMs, rows, total } = found;
  const items = rows.map((row): TimelineRowResponse => ({
    ...row.shown,
    bars: row.bars.map((bar) => barResponse(bar, zone)),
    ...(row.bucketMs !== bucketMs && { bucketSeconds: row.bucketMs / 1000 }),
  }));
  return { bucketSeconds: bucketMs / 1000, items, next, ...(total !== undefined && { total }) };
}

function barResponse(bar: Bar, zone: TimeZone): TimelineBarResponse {
  const { startMs, endMs, state, sessions, sessionId, clippedStart, clippedEnd } = bar;
  return {
    start: zone.formatMs(startMs),
    end: endMs === Infinity ? null : zone.formatMs(endMs),
    ...{ sessions, state },
    ...(sessions === 1 && { sessionId }),
    ...(clippedStart && { clippedStart }),
    ...(clippedEnd && { clippedEnd }),
    ...(state === 'lost' && !clippedEnd && { endEstimated: true }),
  };
}
