import { Inject, Injectable } from '@nestjs/common';
import { type Transaction, Transactions } from '../../platform/database/transactions/transactions.js';
import { SessionChangesService } from '../sessions/changes/session-changes.service.js';
import { LostSessionsService } from '../sessions/lifecycle/lost-sessions.service.js';
import { IngestionRepository } from './ingestion.repository.js';
import { BatchWriter, type ChangeRecorder, type EndOf } from './pipeline/batch-writer.js';
import type { SessionFacts } from './pipeline/merge-session.js';
import type { NormalisedRecord } from './pipeline/validate-record.js';
import type { RecordResult } from './results/record-result.js';

/** Writes batches of valid records, each in one transaction together with its changes in the change log. */
@Injectable()
export class BatchTransactions {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(IngestionRepository) private readonly repository: IngestionRepository,
    @Inject(LostSessionsService) private readonly lost: LostSessionsService,
    @Inject(SessionChangesService) private readonly changes: SessionChangesService,
  ) {}

  /** @returns one result for each record, in order. @throws database errors that a retry did not resolve */
  async write(records: readonly NormalisedRecord[]): Promise<RecordResult[]> {
    let attempts = 0;
    const results = await this.transactions.run((tx) => {
      const changes: ChangeRecorder = {
        record: (recorded) => this.changes.record(tx, recorded),
        firstChanges: (ids) => this.changes.storedChanges(tx, ids, 'created'),
      };
      const writer = new BatchWriter(this.repository.within(tx), changes, attempts++ > 0);
      return writer.write(records, (facts) => this.endsOf(tx, facts));
    });
    this.changes.committed();
    return results;
  }

  /** A session that is already lost when it arrives is stored with its estimated end: an old log creates no live sessions. */
  private async endsOf(tx: Transaction, sessions: readonly SessionFacts[]): Promise<EndOf> {
    const silent = this.lost.silentBefore();
    const isSilent = (s: SessionFacts) => s.logoutAt === null && silent !== null && s.lastSeenAt < silent;
    const mayEstimate = sessions.some(isSilent) && (await this.lost.mayEstimate(tx));
    return (facts) => facts.logoutAt ?? (mayEstimate && isSilent(facts) ? facts.lastSeenAt : null);
  }
}
