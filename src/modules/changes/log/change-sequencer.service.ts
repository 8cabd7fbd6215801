import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import { ChangeLogMetrics } from './change-log-metrics.js';
import { ChangeLogService } from './change-log.service.js';

/** Rows of the outbox whose changes get their places in one transaction; each has up to 250 changes. */
const BATCH = 32;
/** Finds the changes of a process that ended before it gave them their places. */
const POLL_MS = 1000;

/**
 * Gives committed changes their places in the log, one transaction at a time over all processes: a place is never filled
 * after a reader could have passed it.
 */
@Injectable()
export class ChangeSequencerService implements OnApplicationShutdown {
  private readonly logger = new Logger(ChangeSequencerService.name);
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners = new Set<(size: number) => void>();

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ChangeLogService) private readonly log: ChangeLogService,
    @Inject(ChangeLogMetrics) private readonly metrics: ChangeLogMetrics,
  ) {}

  /** Looks for changes of other processes at intervals. Only a serving process does so. On SQLite none waits for a place. */
  start(): void {
    if (this.transactions.engine.family === 'sqlite') return;
    this.timer = setInterval(() => this.wake(), POLL_MS).unref();
  }

  /** Calls `listener` with the size of the log after this process added entries. @returns a function that ends this */
  onAppend(listener: (size: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** To be called after a commit that recorded changes. */
  wake(): void {
    this.again = true;
    this.metrics.pending();
    this.running ??= this.work();
  }

  /** Resolves when no committed change is pending. */
  async flush(): Promise<void> {
    this.wake();
    while (this.running) await this.running;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    while (this.running) await this.running;
  }

  private async work(): Promise<void> {
    try {
      while (this.again) {
        this.again = false;
        const { found, oldest, size } = await this.transactions.run((tx) => this.log.sequence(tx, BATCH), {
          mayRepeat: true,
        });
        this.metrics.placed(oldest);
        if (found === BATCH) this.again = true;
        for (const listener of this.listeners) listener(size);
      }
      this.metrics.complete();
    } catch (error) {
      // The next poll or commit tries again.
      this.logger.error(`the change log was not extended: ${(error as Error).message}`);
    } finally {
      this.running = null;
    }
  }
}
