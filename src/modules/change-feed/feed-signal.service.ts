import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { ChangeSequencerService } from '../changes/log/change-sequencer.service.js';
import { ChangeFeedRepository } from './change-feed.repository.js';

/** How often the size of the log is read while somebody waits: it finds what other processes added. */
const POLL_MS = 250;

interface Waiter {
  readonly after: number;
  readonly wake: () => void;
}

/** Wakes readers that wait for the change log to grow. All readers of a process share one query. */
@Injectable()
export class FeedSignalService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(FeedSignalService.name);
  private readonly waiters = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;
  private isReading = false;
  /** Of the log, as far as this process knows. */
  private size = 0;
  private stopped = false;

  /** At shutdown no one waits any more. */
  get isStopped(): boolean {
    return this.stopped;
  }

  constructor(
    @Inject(ChangeSequencerService) sequencer: ChangeSequencerService,
    @Inject(ChangeFeedRepository) private readonly feed: ChangeFeedRepository,
  ) {
    sequencer.onAppend((size) => this.grown(size));
  }

  /** Resolves when the log has more than `after` entries, when the time is over, when the caller leaves, or at shutdown. */
  wait(after: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.stopped || signal.aborted || ms <= 0 || this.size > after) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timeout);
        signal.removeEventListener('abort', wake);
        this.waiters.delete(waiter);
        if (this.waiters.size === 0) this.stopPolling();
        resolve();
      };
      const waiter = { after, wake };
      const timeout = setTimeout(wake, ms);
      signal.addEventListener('abort', wake, { once: true });
      this.waiters.add(waiter);
      this.timer ??= setInterval(() => void this.poll(), POLL_MS);
    });
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    for (const { wake } of [...this.waiters]) wake();
  }

  private grown(size: number): void {
    this.size = size;
    for (const { after, wake } of [...this.waiters]) if (size > after) wake();
  }

  private async poll(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      this.grown(await this.feed.currentSize());
    } catch (error) {
      this.logger.warn(`the size of the change log was not read: ${(error as Error).message}`);
    } finally {
      this.isReading = false;
    }
  }

  private stopPolling(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
