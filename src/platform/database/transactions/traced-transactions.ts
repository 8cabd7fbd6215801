import type { DataSource } from 'typeorm';
import type { Traces } from '../../observability/traces/traces.js';
import type { Engine } from '../engines/engine.js';
import { type Transaction, Transactions } from './transactions.js';

/** Adds a span for each transaction of a traced request: from the wait for a connection to the commit, with all attempts. */
export class TracedTransactions extends Transactions {
  constructor(
    writer: DataSource,
    engine: Engine,
    private readonly traces: Traces,
  ) {
    super(writer, engine);
  }

  override async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const span = this.traces.child('transaction', { 'db.system.name': this.engine.family });
    if (!span) return super.run(work);
    let attempts = 0;
    try {
      const result = await super.run((tx) => {
        attempts++;
        return work(tx);
      });
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
