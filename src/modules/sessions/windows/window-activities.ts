import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { TimeWindow } from '../domain/time-window.js';
import type { SessionsRepository } from '../sessions.repository.js';
import { ActivityBoundsReader } from './activity-bounds.js';

/** Reads the first and last activities of sessions in a window, on one snapshot. */
export function activityBoundsIn(
  window: TimeWindow,
  sessions: SessionsRepository,
  snapshot: Snapshot,
): ActivityBoundsReader {
  return new ActivityBoundsReader(
    {
      firstOfAll: (limit) => sessions.activitiesIn(snapshot, window, limit),
      first: (ids) => sessions.firstActivities(snapshot, ids, window),
      last: (ids) => sessions.lastActivities(snapshot, ids, window),
    },
    window,
  );
}
