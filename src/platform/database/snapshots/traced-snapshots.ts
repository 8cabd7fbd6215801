import type { Span, Traces } from '../../observability/traces/traces.js';
import type { RawRows } from './raw-rows.js';
import { type Snapshot, Snapshots } from './snapshots.js';

/** Adds a span for each snapshot of a traced request: from the wait for a connection until it is released. */
export class TracedSnapshots extends Snapshots {
  /** @param system name of the database system in the semantic conventions */
  constructor(
    private readonly inner: Snapshots,
    private readonly traces: Traces,
    private readonly system: string,
  ) {
    super();
  }

  override async open(signal: AbortSignal): Promise<Snapshot> {
    const span = this.traces.child('snapshot', { 'db.system.name': this.system });
    if (!span) return this.inner.open(signal);
    const started = performance.now();
    try {
      const snapshot = await this.inner.open(signal);
      return new TracedSnapshot(snapshot, span, performance.now() - started);
    } catch (error) {
      span.end(error);
      throw error;
    }
  }

  override close(): Promise<void> {
    return this.inner.close();
  }
}

class TracedSnapshot implements Snapshot {
  private statements = 0;
  private returned = 0;
  private databaseMs = 0;
  private error: unknown;
  private open = true;

  constructor(
    private readonly inner: Snapshot,
    private readonly span: Span,
    private readonly waitMs: number,
  ) {}

  get epoch(): number {
    return this.inner.epoch;
  }

  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]> {
    return this.measured(
      () => this.inner.rows(sql, params),
      (rows) => rows.length,
    );
  }

  rawRows(sql: string, params?: readonly unknown[]): Promise<RawRows> {
    return this.measured(
      () => this.inner.rawRows(sql, params),
      (rows) => rows.count,
    );
  }

  async release(): Promise<void> {
    await this.inner.release();
    if (!this.open) return;
    this.open = false;
    this.span.set({
      'db.response.returned_rows': this.returned,
      'session_audit.statements': this.statements,
      'session_audit.statements_ms': Math.round(this.databaseMs),
      'session_audit.connection_wait_ms': Math.round(this.waitMs),
    });
    this.span.end(this.error);
  }

  private async measured<T>(statement: () => Promise<T>, count: (result: T) => number): Promise<T> {
    const started = performance.now();
    this.statements++;
    try {
      const result = await statement();
      this.returned += count(result);
      return result;
    } catch (error) {
      this.error = error;
      throw error;
    } finally {
      this.databaseMs += performance.now() - started;
    }
  }
}
