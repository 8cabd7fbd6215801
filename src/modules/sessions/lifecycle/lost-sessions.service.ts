import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Leases } from '../../../platform/database/leases/leases.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { LostAfterRevision } from './lost-after-revision.js';
import { LostAfter } from './lost-after.js';
import { LostSessionMarker } from './lost-session-marker.js';

const MARK_EVERY_MS = 60_000;
const LEASE = 'lost-sessions';
/** Longer than the interval, so that one process keeps the lease. */
const LEASE_MS = 90_000;

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

  constructor(
    @Inject(LostSessionMarker) private readonly marker: LostSessionMarker,
    @Inject(LostAfterRevision) private readonly revision: LostAfterRevision,
    @Inject(LostAfter) private readonly lostAfter: LostAfter,
    @Inject(Leases) private readonly leases: Leases,
  ) {}

  /** Sessions without a logout whose last sign of life is before this instant get an estimated end; null = no session does. */
  silentBefore(): string | null {
    return this.lostAfter.silentBefore();
  }

  /** Whether estimated ends in this database follow the LOST_AFTER of this process. A lock keeps that true within `tx`. */
  mayEstimate(tx: Transaction): Promise<boolean> {
    return this.marker.mayEstimate(tx);
  }

  /**
   * Revises estimated ends for this LOST_AFTER, then marks lost sessions every minute, in one process at a time. To be awaited
   * before requests are served.
   */
  async start(): Promise<void> {
    await this.revision.run();
    this.timer = setInterval(() => {
      this.running = this.running
        .then(() => this.markInTurn())
        .catch((error: Error) => this.logger.warn(`lost sessions were not marked: ${error.message}`));
    }, MARK_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.marker.stop();
    clearInterval(this.timer);
    await this.running;
  }

  /** Writes the estimated end of every lost session, whatever other processes do. @returns the number of sessions */
  mark(): Promise<number> {
    return this.marker.mark();
  }

  /** A process with another LOST_AFTER marks none, so it must not keep the lease from others. */
  async markInTurn(): Promise<void> {
    if (!(await this.marker.marks())) return this.leases.release(LEASE);
    const lease = await this.leases.acquire(LEASE, LEASE_MS);
    if (lease) await this.marker.mark(lease);
  }
}
