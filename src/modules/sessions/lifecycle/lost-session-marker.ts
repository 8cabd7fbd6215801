import { Inject, Injectable } from '@nestjs/common';
import type { Lease } from '../../../platform/database/leases/leases.js';
import { type Transaction, Transactions } from '../../../platform/database/transactions/transactions.js';
import { type Counter, Metrics } from '../../../platform/observability/metrics/metrics.js';
import { SessionChangesService } from '../changes/session-changes.service.js';
import { LostAfter } from './lost-after.js';
import { LostSessionsRepository } from './lost-sessions.repository.js';

/** Sessions of one transaction; few, so that ingestion does not wait long for a lock. */
const BATCH = 900;
const PAUSE_MS = 20;

/** Writes the estimated ends of lost sessions. */
@Injectable()
export class LostSessionMarker {
  private stopped = false;
  private readonly marked: Counter;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(LostSessionsRepository) private readonly repository: LostSessionsRepository,
    @Inject(SessionChangesService) private readonly changes: SessionChangesService,
    @Inject(LostAfter) private readonly lostAfter: LostAfter,
    @Inject(Metrics) metrics: Metrics,
  ) {
    const help = 'Lost sessions whose estimated end was stored.';
    this.marked = metrics.counter({ name: 'lost_sessions_marked_total', help });
  }

  /** Whether estimated ends in this database follow the LOST_AFTER of this process. A lock keeps that true within `tx`. */
  async mayEstimate(tx: Transaction): Promise<boolean> {
    return (await this.repository.lostAfter(tx)) === this.lostAfter.value;
  }

  /** Whether this process is one that marks lost sessions. */
  async marks(): Promise<boolean> {
    return (
      this.lostAfter.silentBefore() !== null &&
      (await this.transactions.run((tx) => this.mayEstimate(tx), { mayRepeat: true }))
    );
  }

  /** @param lease without one, other processes may do the same @returns the number of sessions */
  async mark(lease?: Lease): Promise<number> {
    const silent = this.lostAfter.silentBefore();
    if (silent === null) return 0;
    let marked = 0;
    for (;;) {
      const found = await this.transactions.run((tx) => this.markSome(tx, silent, lease), { mayRepeat: true });
      this.changes.committed();
      marked += found;
      this.marked.add(found);
      if (found < BATCH || this.stopped) return marked;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** Ends a run after its current transaction. */
  stop(): void {
    this.stopped = true;
  }

  private async markSome(tx: Transaction, silent: string, lease: Lease | undefined): Promise<number> {
    await lease?.require(tx);
    if (!(await this.mayEstimate(tx))) return 0;
    const { found, ids } = await this.repository.markSilent(tx, silent, BATCH);
    await this.changes.recordStored(tx, ids, 'lost');
    return found;
  }
}
