import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { AgentLogger } from './agent-logger.js';
import type { IngestClient } from './ingest-client.js';
import type { Spool, SpoolBatch } from './spool.js';

const MAX_RECORDS = 500;
const MAX_BYTES = 1024 * 1024;
const FIRST_RETRY_MS = 1000;
const MAX_REFUSED_BYTES = 16 * 1024 * 1024;

/** Sends the spool to the server in order, batch by batch, with retries. */
export class SpoolSender {
  private failures = 0;
  private maxRecords = MAX_RECORDS;

  /**
   * @param maxRetryMs longest pause between two attempts
   * @param refusedFile file for records that the server rejects permanently
   */
  constructor(
    private readonly spool: Spool,
    private readonly client: IngestClient,
    private readonly logger: AgentLogger,
    private readonly maxRetryMs: number,
    private readonly refusedFile: string,
  ) {}

  /** Sends one batch. @returns milliseconds to wait before the next one; null if the spool is empty */
  async step(): Promise<number | null> {
    const batch = this.spool.peek(this.maxRecords, MAX_BYTES);
    if (!batch) return null;
    const outcome = await this.client.send(batch.lines);
    if (outcome.status === 'again') return this.pause(outcome.reason, outcome.afterMs);
    if (outcome.status === 'smaller') return this.shrink(batch, outcome.reason);
    for (const { index, detail } of outcome.rejected) this.refuse(batch.lines[index] ?? '', detail);
    this.spool.acknowledge(batch.end);
    [this.failures, this.maxRecords] = [0, MAX_RECORDS];
    this.logger.recovered('the server accepts records again');
    return 0;
  }

  /** Exponential backoff with jitter in the upper half, so that many agents do not retry simultaneously. */
  private pause(reason: string, afterMs: number | undefined): number {
    const limit = Math.min(FIRST_RETRY_MS * 2 ** this.failures++, this.maxRetryMs);
    this.logger.error(`sending failed and will be retried: ${reason}`);
    return Math.max(limit * (0.5 + Math.random() / 2), afterMs ?? 0);
  }

  private shrink({ lines, end }: SpoolBatch, reason: string): number {
    if (lines.length > 1) {
      this.maxRecords = Math.ceil(lines.length / 2);
      return 0;
    }
    this.refuse(lines[0]!, reason);
    this.spool.acknowledge(end);
    this.maxRecords = MAX_RECORDS;
    return 0;
  }

  private refuse(line: string, reason: string): void {
    this.logger.warn(`the server rejected a record, which was saved in ${this.refusedFile}: ${reason}`);
    const size = statSync(this.refusedFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_REFUSED_BYTES) renameSync(this.refusedFile, `${this.refusedFile}.1`);
    appendFileSync(this.refusedFile, `${JSON.stringify({ reason, record: line })}\n`, { mode: 0o600 });
  }
}
