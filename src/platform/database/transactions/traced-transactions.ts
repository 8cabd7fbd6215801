import type { DataSource } from 'typeorm';
import type { Traces } from '../../observability/traces/traces.js';
import type { Engine } from '../engines/engine.js';
import { type RunOptions, type TransactionLimits, Transactions, type Work } from './transactions.js';

/** Adds a span for each transaction of a traced request: from the wait for a connection to the commit, with all attempts. */
export class TracedTransactions extends Transactions {
  constructor(
    writer: DataSource,
    engine: Engine,
    limits: TransactionLimits,
    private readonly traces: Traces,
  ) {
    super(writer, engine, limits);
  }

  override async run<T>(work: Work<T>, options?: RunOptions): Promise<T> {
    const span = this.traces.child('transaction', { 'db.system.name': this.engine.family });
    if (!span) return super.run(work, options);
    let attempts = 0;
    try {
      const result = await super.run<T>((tx, doubtful) => {
        attempts++;
        return work(tx, doubtful);
      }, options);
      span.set({ 'session_audit.attempts': attempts });
      span.end();
      return result;
    } catch (error) {
      span.set({ 'session_audit.attempts': attempts });
      span.end(error);
      throw error;
    }
  }
}
