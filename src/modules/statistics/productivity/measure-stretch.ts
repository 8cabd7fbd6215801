import { instantReader } from '../../../platform/time/bulk/instant-reader.js';
import { toInstantText } from '../../../platform/time/instant.js';
import type { ActivityInstant } from '../activities/activities.repository.js';
import type { ActiveTime } from '../activities/active-time.js';
import type { ActivityReader } from '../activities/activity-reader.js';
import { feed } from '../activities/measured-range.js';
import type { Stretch, SweptSession } from './session-sweep.js';

/** A session of the sweep. Its `time` keeps the latest activity for the next stretch. */
export interface OpenSession extends SweptSession {
  readonly time: ActiveTime<null>;
}

/** @param pages all activities of the time of the stretch, in the order of time */
export async function measureByTime(
  { endMs, sessions }: Stretch<OpenSession>,
  pages: AsyncIterable<readonly ActivityInstant[]>,
): Promise<void> {
  const readMs = instantReader();
  const byId = new Map(sessions.map((session) => [session.id, session]));
  for await (const page of pages)
    for (const [id, at] of page) {
      const session = byId.get(id);
      // An activity may lie outside its session.
      if (session !== undefined && at >= session.from && at <= session.to) session.time.activity(readMs(at), null);
    }
  for (const { time, toMs } of sessions) time.until(Math.min(toMs, endMs));
}

/** Reads the activities of the sessions of a stretch. */
export async function measureBySession(
  { startMs, endMs, sessions }: Stretch<OpenSession>,
  reader: ActivityReader,
): Promise<void> {
  const readMs = instantReader();
  const [start, lastInstant] = [toInstantText(startMs), toInstantText(endMs - 1)];
  const ranges = sessions.map((session) => ({
    id: session.id,
    from: session.from > start ? session.from : start,
    to: session.to < lastInstant ? session.to : lastInstant,
    session,
  }));
  for await (const { of, rows, last } of reader.pieces(ranges)) {
    const { time, toMs } = of.session;
    feed(time, rows, of, readMs, () => null);
    if (last) time.until(Math.min(toMs, endMs));
  }
}
