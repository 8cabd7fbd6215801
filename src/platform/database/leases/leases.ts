import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Transaction, Transactions } from '../transactions/transactions.js';
import { LeasesRepository } from './leases.repository.js';

/** Between two attempts to get a lease that another process holds. */
const RETRY_MS = 250;

/** Another process has taken the job over. What this process was about to write for it is rolled back. */
export class LeaseLostError extends Error {
  constructor(name: string) {
    super(`Another process has taken over ${name}.`);
  }
}

/** The right to do a job, for a limited time. */
export interface Lease {
  /**
   * To be called in each transaction that writes for the job: renews the lease and locks it until the transaction ends.
   * Nothing is committed by a process that has lost its lease, however long it was stopped.
   *
   * @throws LeaseLostError
   */
  require(tx: Transaction): Promise<void>;
  /** Lets other processes continue at once. */
  release(): Promise<void>;
}

/**
 * One process at a time does a background job: the one that holds its lease (Gray and Cheriton, "Leases", 1989). The clock of
 * the database decides when a lease has expired. Only the take-over depends on it; `Lease.require` does not. ADR 57.
 */
@Injectable()
export class Leases implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly holder = randomBytes(16).toString('hex');
  private readonly held = new Set<string>();
  private readonly stopping = new AbortController();

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    private readonly repository: LeasesRepository,
  ) {}

  /** @param ms from each renewal to the end of the lease @returns null while another process holds it */
  async acquire(name: string, ms: number): Promise<Lease | null> {
    const { holder, repository } = this;
    if (!(await this.transactions.run((tx) => repository.take(tx, name, holder, ms), { mayRepeat: true }))) {
      this.held.delete(name);
      return null;
    }
    this.held.add(name);
    return {
      require: async (tx) => {
        if (!(await repository.renew(tx, name, holder, ms))) throw new LeaseLostError(name);
      },
      release: () => this.release(name),
    };
  }

  /** Waits until this process has the lease. @returns null if the process stops before */
  async waitFor(name: string, ms: number, retryMs = RETRY_MS): Promise<Lease | null> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const lease = await this.acquire(name, ms);
      if (lease) return lease;
      await pause(retryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
    return null;
  }

  /** Does nothing unless this process has the lease. */
  async release(name: string): Promise<void> {
    if (!this.held.delete(name)) return;
    await this.transactions.run((tx) => this.repository.renew(tx, name, this.holder, 0), { mayRepeat: true });
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    // A lease that cannot be released expires.
    for (const name of [...this.held]) await this.release(name).catch(() => undefined);
  }
}
