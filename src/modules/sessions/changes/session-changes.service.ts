import { Inject, Injectable } from '@nestjs/common';
import { groupBy } from '../../../platform/collections/group-by.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { ChangeLogService } from '../../changes/log/change-log.service.js';
import { ChangeSequencerService } from '../../changes/log/change-sequencer.service.js';
import type { ChangeKind } from '../../changes/port/change-kind.js';
import { activitiesText, commitment, sessionText } from '../../changes/port/commitments.js';
import type { NewChange } from '../../changes/port/session-change.js';
import { SessionVersionsRepository } from './session-versions.repository.js';
import { SessionContentsRepository, type StoredActivity, type StoredContent } from './session-contents.repository.js';

/** Sessions of one list in a statement: from 1,000 on MariaDB makes a join of a list. */
const MAX_IDS = 500;

/** Records changes of sessions in the change log, within the transaction that makes them. */
@Injectable()
export class SessionChangesService {
  constructor(
    @Inject(ChangeLogService) private readonly log: ChangeLogService,
    @Inject(ChangeSequencerService) private readonly sequencer: ChangeSequencerService,
    @Inject(SessionContentsRepository) private readonly contents: SessionContentsRepository,
    @Inject(SessionVersionsRepository) private readonly versions: SessionVersionsRepository,
  ) {}

  record(tx: Transaction, changes: readonly NewChange[]): Promise<void> {
    return this.log.record(tx, changes);
  }

  /** Whether this very change is in the log or pending. */
  isRecorded(tx: Transaction, change: NewChange): Promise<boolean> {
    return this.log.isRecorded(tx, change);
  }

  /** To be called after the commit of a transaction that recorded changes. */
  committed(): void {
    this.sequencer.wake();
  }

  /**
   * Raises the versions of sessions that the transaction has locked and changed, and records them as they are now in the
   * tables. One that is older than the log gets version 1.
   */
  async recordStored(tx: Transaction, ids: readonly number[], kind: ChangeKind): Promise<void> {
    for (let from = 0; from < ids.length; from += MAX_IDS) {
      const part = ids.slice(from, from + MAX_IDS);
      await this.versions.raise(tx, part);
      await this.record(tx, await this.storedChanges(tx, part, kind));
    }
  }

  /**
   * The changes that lead to the sessions in the tables. One with version 1 comes with all its activities: the log knows
   * none of them yet.
   *
   * @param ids of sessions that the transaction has locked
   */
  async storedChanges(tx: Transaction, ids: readonly number[], kind: ChangeKind): Promise<NewChange[]> {
    const sessions = await this.contents.sessions(tx, ids);
    const first = sessions.filter(({ version }) => version === 1).map(({ sessionId }) => sessionId);
    const activities = groupBy(await this.contents.activitiesOf(tx, first), ({ sessionId }) => sessionId);
    return sessions.map((session) => storedChange(session, activities.get(session.sessionId) ?? [], kind));
  }
}

function storedChange(session: StoredContent, added: readonly StoredActivity[], kind: ChangeKind): NewChange {
  const { sessionId, clientId, version, salt } = session;
  if (!salt) throw new Error(`Session ${sessionId} has no salt.`);
  return {
    ...{ sessionId, clientId, version },
    kind: version === 1 ? 'created' : kind,
    sessionHash: commitment(salt, sessionText(session)),
    activities: added.length,
    activitiesHash: added.length === 0 ? null : commitment(salt, activitiesText(added)),
  };
}
