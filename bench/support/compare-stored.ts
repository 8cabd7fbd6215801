import { ACTIVITIES } from './fault-load.js';
import type { FaultLoad } from './fault-senders.js';
import { storedSessions } from './stored-counts.js';

export interface StoredFaults {
  /** Acknowledged records that are missing or lack an activity. */
  lost: number;
  /** Records that are stored twice or have a duplicate activity. */
  duplicated: number;
  /** Requests that are partially stored or partially visible in a window. */
  halfApplied: number;
}

/** Compares what was sent with what is stored, and adds the differences to the report. */
export async function compareStored(
  { log, prefix }: FaultLoad,
  databaseUrl: string,
  report: StoredFaults,
): Promise<void> {
  const counts = new Map<string, number>();
  for (const { externalId, rows, activities, distinctActivities } of await storedSessions(databaseUrl, prefix)) {
    const request = externalId.slice(0, externalId.lastIndexOf('-'));
    counts.set(request, (counts.get(request) ?? 0) + 1);
    if (Number(rows) > 1 || Number(activities) > Number(distinctActivities)) report.duplicated++;
    if (Number(distinctActivities) < ACTIVITIES) report.lost++;
  }
  for (const request of log.sent) {
    const count = counts.get(request.id) ?? 0;
    if (log.acknowledged.has(request)) report.lost += request.size - count;
    else if (count !== 0 && count !== request.size) report.halfApplied++;
  }
}
