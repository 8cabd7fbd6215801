import { Inject, Injectable } from '@nestjs/common';
import { groupBy } from '../../../platform/collections/group-by.js';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { activitiesText, sessionText } from '../../changes/port/commitments.js';
import { SessionContentsRepository, type StoredActivity } from './session-contents.repository.js';

/** Activities that a version of a session added: `text` is what the change log commits to. */
interface CommittedActivities {
  readonly version: number;
  readonly text: string;
}

/** A session in the form in which the change log commits to it. */
export interface CommittedSession {
  readonly sessionId: number;
  /** 0 = not in the change log yet. */
  readonly version: number;
  readonly salt: Buffer | null;
  readonly text: string;
  /** In the order of versions, without those that added none. */
  readonly activities: readonly CommittedActivities[];
}

/** Reads sessions with all their activities in the form in which the change log commits to them. */
@Injectable()
export class CommittedSessionsService {
  constructor(@Inject(SessionContentsRepository) private readonly contents: SessionContentsRepository) {}

  /** In the order of the ids; those that do not exist are left out. */
  async read(reader: RowReader, ids: readonly number[]): Promise<CommittedSession[]> {
    const sessions = new Map((await this.contents.sessions(reader, ids)).map((one) => [one.sessionId, one]));
    const activities = groupBy(await this.contents.activitiesOf(reader, ids), ({ sessionId }) => sessionId);
    return ids.flatMap((id) => {
      const session = sessions.get(id);
      if (!session) return [];
      const { sessionId, version, salt } = session;
      return { sessionId, version, salt, text: sessionText(session), activities: byVersion(activities.get(id) ?? []) };
    });
  }
}

function byVersion(activities: readonly StoredActivity[]): CommittedActivities[] {
  return [...groupBy(activities, ({ version }) => version)]
    .map(([version, added]) => ({ version, text: activitiesText(added) }))
    .sort((a, b) => a.version - b.version);
}
