import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { AppConfig } from '../../../config/app-config.js';
import { type Transaction, Transactions } from '../../../platform/database/transactions/transactions.js';
import { LostSessionsRepository } from './lost-sessions.repository.js';

const MARK_EVERY_MS = 60_000;
/** Sessions of one transaction: short, so that no sender waits long for one of them. */
const MARK_BATCH = 1000;
const PAUSE_MS = 20;
/** Ids of one transaction of a revision. */
const REVISE_BATCH = 20_000;
const PROGRESS_EVERY_MS = 5000;
/**
 * Only what has been lost for so long gets its end written: a request that is under way took its instant a little earlier,
 * and the clocks of several processes differ. In between, each query tells lost sessions from live ones by itself.
 */
const MARGIN_MS = 5 * 60_000;

/**
 * Writes the estimated end of a lost session into its row (contract, section 2), so that a window finds it as it finds any
 * other. An answer never depends on it: what is not written yet, the query works out.
 *
 * All processes on one database should have the same LOST_AFTER. Estimates follow the one that was started last; a process
 * with another value writes none.
 */
@Injectable()
export class LostSessionsService implements OnApplicationShutdown {
  private readonly logger = new Logger(LostSessionsService.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(LostSessionsRepository) private readonly repository: LostSessionsRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** Instant text: a session without a logout and a sign of life since is to have its end estimated; null = none ever. */
  silentBefore(): string | null {
    const { lostAfterMs } = this.config;
    return lostAfterMs === null ? null : toInstantText(Math.max(0, this.clock.nowMs() - lostAfterMs - MARGIN_MS));
  }

  /** Whether estimates on this database follow our LOST_AFTER; stays true until the transaction ends. */
  async mayEstimate(tx: Transaction): Promise<boolean> {
    return (await this.repository.lostAfter(tx)) === this.ownValue;
  }

  /** Makes estimates follow our LOST_AFTER, before anything is answered; then marks lost sessions every minute. */
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

  /** Gives every session that is lost by now its end. @returns how many */
  async mark(): Promise<number> {
    const silent = this.silentBefore();
    if (silent === null) return 0;
    let marked = 0;
    for (;;) {
      const found = await this.transactions.run(async (tx) =>
        (await this.mayEstimate(tx)) ? this.repository.markSilent(tx, silent, MARK_BATCH) : 0,
      );
      marked += found;
      if (found < MARK_BATCH || this.stopped) return marked;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private get ownValue(): string {
    return String(this.config.lostAfterMs ?? 'off');
  }

  /**
   * Under a longer LOST_AFTER some sessions with an estimated end are live again. Interrupted, it starts over: the mark that
   * says so goes only when all rows were looked at.
   */
  private async revise(): Promise<void> {
    const own = this.ownValue;
    const needed = await this.transactions.run(async (tx) => {
      const before = await this.repository.lostAfter(tx);
      if (before !== own) await this.repository.setLostAfter(tx, own);
      const longer = before !== null && before !== 'off' && (own === 'off' || Number(own) > Number(before));
      const needed = longer || (await this.repository.isRevising(tx));
      if (needed) await this.repository.beginRevision(tx, own);
      return needed;
    });
    if (!needed) return;
    const reopened = await this.reopenAll();
    await this.transactions.run((tx) => this.repository.endRevision(tx, own));
    this.logger.log(`LOST_AFTER is ${own} now: ${reopened} sessions are no longer taken for lost`);
  }

  private async reopenAll(): Promise<number> {
    const silent = this.silentBefore();
    const last = await this.transactions.run((tx) => this.repository.lastId(tx));
    let reopened = 0;
    let told = Date.now();
    for (let from = 0; from < last; from += REVISE_BATCH) {
      reopened += await this.transactions.run((tx) => this.repository.reopen(tx, [from, from + REVISE_BATCH], silent));
      if (Date.now() - told < PROGRESS_EVERY_MS) continue;
      told = Date.now();
      this.logger.log(`LOST_AFTER has changed: ${Math.round((100 * from) / last)}% of the sessions are revised`);
    }
    return reopened;
  }
}
