import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import type { RecordResult } from './record-result.js';

/** Results up to this size stay in memory; most responses are far smaller. */
const MEMORY_BYTES = 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
/** At the first limit that is exceeded, the request ends. */
interface ResultLimits {
  /** Rejected records beyond the number of accepted ones. */
  readonly surplusRejected: number;
  /** Characters of all results. */
  readonly length: number;
}

/** The length allows for 2 to 3 million results. */
const LIMITS: ResultLimits = { surplusRejected: 50_000, length: 256 * 1024 * 1024 };

/** Totals over all records of a request. */
export interface ResultCounts {
  accepted: number;
  rejected: number;
  /** Number of activities added. */
  activities: number;
}

/**
 * Buffers the results of a request as JSON until its body has ended, because many clients read nothing before they have
 * sent everything. Results beyond MEMORY_BYTES go to an unlinked temporary file, which disappears with the process.
 */
export class ResultSpool {
  readonly counts: ResultCounts = { accepted: 0, rejected: 0, activities: 0 };
  private pending = '';
  private file: FileHandle | undefined;
  private written = 0;
  private firstRejection = '';

  constructor(private readonly limits = LIMITS) {}

  /**
   * @throws ProblemError `invalid-body` when far more records are rejected than accepted, and `payload-too-large` when the
   *   results are too large: a small compressed body could otherwise fill the disk
   */
  async add(results: readonly RecordResult[]): Promise<void> {
    for (const { externalId, sessionId, status, detail, activities } of results) {
      this.pending += this.rows === 0 ? '' : ',';
      this.pending += JSON.stringify({ externalId, sessionId, status, detail });
      this.counts[status === 'rejected' ? 'rejected' : 'accepted']++;
      this.counts.activities += activities;
      if (status === 'rejected') this.firstRejection ||= detail ?? '';
    }
    const { surplusRejected, length } = this.limits;
    if (this.counts.rejected - this.counts.accepted > surplusRejected)
      throw tooManyRejected(surplusRejected, this.firstRejection);
    if (this.written + this.pending.length > length) throw tooManyResults(length);
    if (this.pending.length > MEMORY_BYTES) await this.flush();
  }

  /** Number of results. */
  get rows(): number {
    return this.counts.accepted + this.counts.rejected;
  }

  /** @returns the size of the response body in bytes, and its chunks */
  async answer(): Promise<{ size: number; pieces: AsyncGenerator<Buffer> }> {
    const head = Buffer.from(`${JSON.stringify(this.counts).slice(0, -1)},"results":[`);
    const tail = Buffer.from(`${this.pending}]}`);
    return { size: head.length + this.written + tail.length, pieces: this.pieces(head, tail) };
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  private async *pieces(head: Buffer, tail: Buffer): AsyncGenerator<Buffer> {
    yield head;
    for (let at = 0; at < this.written;) {
      const { bytesRead, buffer } = await this.file!.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, at);
      if (bytesRead === 0) throw new Error('The temporary file of the results is shorter than what was written.');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    yield tail;
  }

  private async flush(): Promise<void> {
    this.file ??= await openUnlinked();
    const bytes = Buffer.from(this.pending);
    this.pending = '';
    for (let from = 0; from < bytes.length;) {
      const { bytesWritten } = await this.file.write(bytes, from, bytes.length - from, this.written);
      from += bytesWritten;
      this.written += bytesWritten;
    }
  }
}

async function openUnlinked(): Promise<FileHandle> {
  const path = join(tmpdir(), `session-audit-results-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

function tooManyRejected(surplus: number, first: string): ProblemError {
  const detail = `Reading stopped, because ${surplus} more records were rejected than accepted. The first reason: ${withFullStop(first)}`;
  return new ProblemError('invalid-body', detail, { headers: { Connection: 'close' } });
}

function tooManyResults(length: number): ProblemError {
  const detail = `Reading stopped, because the results of the records exceed ${length / 1024 / 1024} MiB; send the rest in another request.`;
  return new ProblemError('payload-too-large', detail, { headers: { Connection: 'close' } });
}

const withFullStop = (text: string) => (text.endsWith('.') ? text : `${text}.`);
