import { Inject, Injectable } from '@nestjs/common';
import { Snapshots } from './snapshots/snapshots.js';
import { Transactions } from './transactions/transactions.js';

/** Whether the database can be used. */
@Injectable()
export class DatabaseStatus {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(Transactions) private readonly transactions: Transactions,
  ) {}

  /** @throws Error when it does not answer reads or takes no changes */
  async requireUsable(signal: AbortSignal): Promise<void> {
    const snapshot = await this.snapshots.open(signal);
    await snapshot.rows('SELECT 1').finally(() => snapshot.release());
    await this.transactions.requireWriter();
  }
}
