import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Counter, Metrics } from '../../../platform/observability/metrics/metrics.js';
import { type Transaction, Transactions } from '../../../platform/database/transactions/transactions.js';
import { SessionChangesService } from '../changes/session-changes.service.js';
import { LostAfter } from './lost-after.js';
import { LostSessionsRepository } from './lost-sessions.repository.js';

const MARK_EVERY_MS = 60_000;
/** Sessions of one transaction; few, so that ingestion does not wait long for a lock. */
const MARK_BATCH = 900;
const PAUSE_MS = 20;
/** Ids of one transaction of a revision. */
const REVISE_BATCH = 2000;
const PROGRESS_EVERY_MS = 5000;

/**
 * Writes the estimated end of lost sessions into their rows (docs/contract.md, section 2), so that the interval index finds
 * them like any other session. Answers do not depend on it, because queries compute an end that is not written yet.
 *
 * All processes on one database should use the same LOST_AFTER. Estimated ends follow the value of the process that started
 * last; a process with another value writes none.
 */
@Injectable()
export class LostSessionsService implements OnApplicationShutdown {
  private readonly logger = new Logger(LostSessionsService.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();
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

  /** Sessions without a logout whose last sign of life is before this instant get an estimated end; null = no session does. */
  silentBefore(): string | null {
    return this.lostAfter.silentBefore();
  }

  /** Whether estimated ends in this database follow the LOST_AFTER of this process. A lock keeps that true within `tx`. */
  async mayEstimate(tx: Transaction): Promise<boolean> {
    return (await this.repository.lostAfter(tx)) === this.lostAfter.value;
  }

  /** Revises estimated ends for this LOST_AFTER, then marks lost sessions every minute. To be awaited before requests are served. */
  async start(): Promise<void> {
    await this.revise();
    this.timer = setInterval(() => {
      this.running = this.running
        .then(() => this.mark())
        .catch((error: Error) => this.logger.warn(`lost sessions were not marked: ${error.message}`));
    }, MARK_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Writes the estimated end of every lost session. @returns the number of sessions */
  async mark(): Promise<number> {
    const silent = this.silentBefore();
    if (silent === null) return 0;
    let marked = 0;
    for (;;) {
      const found = await this.transactions.run((tx) => this.markSome(tx, silent), { mayRepeat: true });
      this.changes.committed();
      marked += found;
      this.marked.add(found);
      if (found < MARK_BATCH || this.stopped) return marked;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private async markSome(tx: Transaction, silent: string): Promise<number> {
    if (!(await this.mayEstimate(tx))) return 0;
    const { found, ids } = await this.repository.markSilent(tx, silent, MARK_BATCH);
    await this.changes.recordStored(tx, ids, 'lost');
    return found;
  }

  /**
   * With a longer LOST_AFTER, some sessions with an estimated end are live again. A setting marks the revision as unfinished
   * until all rows were visited, so that it starts again after an interruption.
   */
  private async revise(): Promise<void> {
    const own = this.lostAfter.value;
    const needed = await this.transactions.run(
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
    if (!needed) return;
    const reopened = await this.reopenAll();
    await this.transactions.run((tx) => this.repository.endRevision(tx, own), { mayRepeat: true });
    this.logger.log(`LOST_AFTER is ${own} now: ${reopened} sessions no longer count as lost`);
  }

  private async reopenAll(): Promise<number> {
    const silent = this.silentBefore();
    const last = await this.transactions.run((tx) => this.repository.lastId(tx), { mayRepeat: true });
    let reopened = 0;
    let loggedAt = Date.now();
    for (let from = 0; from < last; from += REVISE_BATCH) {
      reopened += await this.transactions.run(
        async (tx) => {
          const ids = await this.repository.reopen(tx, [from, from + REVISE_BATCH], silent);
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
