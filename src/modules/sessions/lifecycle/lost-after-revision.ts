import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Lease, Leases } from '../../../platform/database/leases/leases.js';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import { SessionChangesService } from '../changes/session-changes.service.js';
import { LostAfter } from './lost-after.js';
import { LostSessionsRepository } from './lost-sessions.repository.js';

/** Ids of one transaction. */
const BATCH = 2000;
const PROGRESS_EVERY_MS = 5000;
const LEASE = 'lost-after-revision';
const LEASE_MS = 30_000;

/** Revises the estimated ends in the database for the LOST_AFTER of this process. */
@Injectable()
export class LostAfterRevision {
  private readonly logger = new Logger(LostAfterRevision.name);

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(LostSessionsRepository) private readonly repository: LostSessionsRepository,
    @Inject(SessionChangesService) private readonly changes: SessionChangesService,
    @Inject(LostAfter) private readonly lostAfter: LostAfter,
    @Inject(Leases) private readonly leases: Leases,
  ) {}

  /**
   * With a longer LOST_AFTER, some sessions with an estimated end are live again. A setting marks the revision as unfinished
   * until all rows were visited, so that it starts again after an interruption.
   */
  async run(): Promise<void> {
    const own = this.lostAfter.value;
    if (!(await this.isNeeded(own))) return;
    const lease = await this.leases.waitFor(LEASE, LEASE_MS);
    if (!lease) return;
    try {
      // Another process may have completed it in the meantime.
      if (!(await this.transactions.run((tx) => this.repository.isRevising(tx), { mayRepeat: true }))) return;
      const reopened = await this.reopenAll(lease);
      await this.transactions.run((tx) => this.repository.endRevision(tx, own), { mayRepeat: true });
      this.logger.log(`LOST_AFTER is ${own} now: ${reopened} sessions no longer count as lost`);
    } finally {
      await lease.release();
    }
  }

  /** Stores the value, and begins a revision if it is longer than the one before. */
  private isNeeded(own: string): Promise<boolean> {
    return this.transactions.run(
      async (tx) => {
        const before = await this.repository.lostAfter(tx);
        if (before !== own) await this.repository.setLostAfter(tx, own);
        const longer = before !== null && before !== 'off' && (own === 'off' || Number(own) > Number(before));
        const needed = longer || (await this.repository.isRevising(tx));
        if (needed) await this.repository.beginRevision(tx, own);
        return needed;
      },
      { mayRepeat: true },
    );
  }

  private async reopenAll(lease: Lease): Promise<number> {
    const silent = this.lostAfter.silentBefore();
    const last = await this.transactions.run((tx) => this.repository.lastId(tx), { mayRepeat: true });
    let reopened = 0;
    let loggedAt = Date.now();
    for (let from = 0; from < last; from += BATCH) {
      reopened += await this.transactions.run(
        async (tx) => {
          await lease.require(tx);
          const ids = await this.repository.reopen(tx, [from, from + BATCH], silent);
          await this.changes.recordStored(tx, ids, 'reopened');
          return ids.length;
        },
        { mayRepeat: true },
      );
      this.changes.committed();
      if (Date.now() - loggedAt < PROGRESS_EVERY_MS) continue;
      loggedAt = Date.now();
      this.logger.log(`LOST_AFTER has changed: ${Math.round((100 * from) / last)}% of the sessions are checked`);
    }
    return reopened;
  }
}
