import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Lease, LeaseLostError, Leases } from '../../../platform/database/leases/leases.js';
import { type Transaction, Transactions } from '../../../platform/database/transactions/transactions.js';
import { SessionChangesService } from './session-changes.service.js';
import { SessionVersionsRepository } from './session-versions.repository.js';

/** Sessions of one transaction; few, so that ingestion does not wait long for a lock. */
const BATCH = 500;
const PAUSE_MS = 5;
const PROGRESS_EVERY_MS = 10_000;
const LEASE = 'older-sessions';
const LEASE_MS = 30_000;
/** Between two attempts to take over from another process. */
const RETRY_MS = 10_000;

/**
 * Adds the sessions of a database that is older than the change log to the log, while the server serves, by one process at a
 * time. A session that changes in the meantime is added by its change. An interrupted run goes on where it ended, in another
 * process if there is one.
 */
@Injectable()
export class OlderSessionsService implements OnApplicationShutdown {
  private readonly logger = new Logger(OlderSessionsService.name);
  private running: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SessionVersionsRepository) private readonly versions: SessionVersionsRepository,
    @Inject(SessionChangesService) private readonly changes: SessionChangesService,
    @Inject(Leases) private readonly leases: Leases,
  ) {}

  start(): void {
    this.running = this.addInTurn().catch((error: Error) =>
      this.logger.error(`older sessions were not added to the change log: ${error.message}`),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async addInTurn(): Promise<void> {
    for (let done = false; !done;) {
      const lease = await this.leases.waitFor(LEASE, LEASE_MS, RETRY_MS);
      if (!lease) return;
      done = await this.addAll(lease).then(
        () => true,
        (error: unknown) => {
          if (error instanceof LeaseLostError) return false;
          throw error;
        },
      );
      await lease.release();
    }
  }

  /** @returns how many sessions were added */
  async addAll(lease?: Lease): Promise<number> {
    const last = await this.transactions.run((tx) => this.versions.olderUpTo(tx), { mayRepeat: true });
    let added = 0;
    let loggedAt = Date.now();
    for (let position: number | null = 0; position !== null && !this.stopped;) {
      const result = await this.transactions.run((tx) => this.addSome(tx, last, lease), { mayRepeat: true });
      this.changes.committed();
      added += result.added;
      position = result.position;
      if (position === null) break;
      if (Date.now() - loggedAt >= PROGRESS_EVERY_MS) {
        loggedAt = Date.now();
        this.logger.log(`change log: ${Math.round((100 * position) / last)}% of the older sessions are in it`);
      }
      await pause(PAUSE_MS);
    }
    if (added > 0 && !this.stopped) this.logger.log(`change log: ${added} older sessions were added`);
    return added;
  }

  private async addSome(
    tx: Transaction,
    last: number,
    lease: Lease | undefined,
  ): Promise<{ added: number; position: number | null }> {
    await lease?.require(tx);
    const position = await this.versions.position(tx);
    const { ids, upTo } = await this.versions.lockOlder(tx, { after: position, last }, BATCH);
    await this.changes.recordStored(tx, ids, 'created');
    if ((upTo ?? last) > position) await this.versions.setPosition(tx, upTo ?? last);
    return { added: ids.length, position: upTo };
  }
}
