import { Inject, Injectable } from '@nestjs/common';
import { type Transaction, Transactions } from '../../platform/database/transactions/transactions.js';
import type { NewChange } from '../changes/port/session-change.js';
import { SessionChangesService } from '../sessions/changes/session-changes.service.js';
import { LostSessionsService } from '../sessions/lifecycle/lost-sessions.service.js';
import { IngestionRepository } from './ingestion.repository.js';
import { BatchWriter, type ChangeRecorder, type EndOf } from './pipeline/batch-writer.js';
import type { SessionFacts } from './pipeline/merge-session.js';
import type { NormalisedRecord } from './pipeline/validate-record.js';
import type { RecordResult } from './results/record-result.js';

/** What one run of a batch wrote. */
interface Written {
  readonly results: RecordResult[];
  /** One of the changes that it recorded; undefined when it changed nothing. */
  readonly change: NewChange | undefined;
}

interface Run {
  readonly doubtful: readonly Written[];
  /** Whether an earlier run failed. */
  readonly isRetry: boolean;
}

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
    const written = await this.transactions.run<Written>(
      (tx, doubtful) => this.writeOnce(tx, records, { doubtful, isRetry: attempts++ > 0 }),
      { mayRepeat: true },
    );
    this.changes.committed();
    return written.results;
  }

  /**
   * Records that are written twice are the same as written once, but the results would be those of the second time. So the
   * results of an earlier run are returned if it took effect.
   */
  private async writeOnce(tx: Transaction, records: readonly NormalisedRecord[], run: Run): Promise<Written> {
    const recorded: NewChange[] = [];
    const changes: ChangeRecorder = {
      record: async (added) => {
        recorded.push(...added);
        await this.changes.record(tx, added);
      },
      firstChanges: (ids) => this.changes.storedChanges(tx, ids, 'created'),
    };
    const writer = new BatchWriter(this.repository.within(tx), changes, run.isRetry);
    const results = await writer.write(records, (facts) => this.endsOf(tx, facts));
    // The sessions are locked, so an earlier run is over.
    for (const earlier of run.doubtful)
      if (earlier.change && (await this.changes.isRecorded(tx, earlier.change))) return earlier;
    return { results, change: recorded[0] };
  }

  /** A session that is already lost when it arrives is stored with its estimated end: an old log creates no live sessions. */
  private async endsOf(tx: Transaction, sessions: readonly SessionFacts[]): Promise<EndOf> {
    const silent = this.lost.silentBefore();
    const isSilent = (s: SessionFacts) => s.logoutAt === null && silent !== null && s.lastSeenAt < silent;
    const mayEstimate = sessions.some(isSilent) && (await this.lost.mayEstimate(tx));
    return (facts) => facts.logoutAt ?? (mayEstimate && isSilent(facts) ? facts.lastSeenAt : null);
  }
}
