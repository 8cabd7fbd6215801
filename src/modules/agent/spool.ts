import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';

/** Records from the front of the spool, and where they end there. */
export interface SpoolBatch {
  /** JSON texts, a record each. */
  readonly lines: readonly string[];
  readonly end: number;
}

const SEGMENT_BYTES = 1024 * 1024;
const SEGMENT = /^(\d{12})\.ndjson$/;

/**
 * Records that wait for the server: append-only files of JSON lines, each forced to the disk before `append` returns.
 * A file is removed when all of it was acknowledged; after a crash its records are sent again, which changes nothing.
 */
export class Spool {
  private readonly segments: number[];
  private bytes = 0;
  private writing: { readonly file: number; size: number } | undefined;
  /** How much of the first segment was acknowledged. */
  private sent = 0;
  private front: { readonly segment: number; readonly size: number; readonly text: Buffer } | undefined;

  /** @throws the error of the file system when the folder cannot be made or written */
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.segments = readdirSync(folder)
      .flatMap((name) => (SEGMENT.test(name) ? [Number(name.slice(0, 12))] : []))
      .sort((a, b) => a - b);
    for (const segment of this.segments) this.bytes += statSync(this.path(segment)).size;
  }

  /** What lies on the disk. */
  get size(): number {
    return this.bytes;
  }

  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  /** Durable when it returns. */
  append(records: readonly IngestRecord[]): void {
    if (records.length === 0) return;
    const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const target = this.writable();
    for (let at = 0; at < bytes.length;) at += writeSync(target.file, bytes, at);
    fsyncSync(target.file);
    target.size += bytes.length;
    this.bytes += bytes.length;
  }

  /** The first records that were not acknowledged, at most so many; undefined when there are none. */
  peek(maxRecords: number, maxBytes: number): SpoolBatch | undefined {
    const text = this.readFront();
    if (!text) return undefined;
    const lines: string[] = [];
    let end = this.sent;
    for (let lf = text.indexOf(10, end); lf >= 0 && lines.length < maxRecords; lf = text.indexOf(10, end)) {
      if (lines.length > 0 && lf + 1 - this.sent > maxBytes) break;
      lines.push(text.toString('utf8', end, lf));
      end = lf + 1;
    }
    if (lines.length > 0) return { lines, end };
    // What is left has no end: a crash cut it off while it was written, and the log is read again from before it.
    this.dropFront();
    return this.peek(maxRecords, maxBytes);
  }

  /** The server has what `peek` gave, up to there. */
  acknowledge(end: number): void {
    this.sent = end;
    const segment = this.segments[0];
    if (segment !== undefined && this.sent >= statSync(this.path(segment)).size) this.dropFront();
  }

  close(): void {
    if (this.writing) closeSync(this.writing.file);
    this.writing = undefined;
  }

  /** Only a file of this run is added to: an older one may end in the middle of a line. */
  private writable(): { readonly file: number; size: number } {
    if (this.writing && this.writing.size < SEGMENT_BYTES) return this.writing;
    this.close();
    const segment = (this.segments.at(-1) ?? this.lastDropped) + 1;
    this.writing = { file: openSync(this.path(segment), 'ax', 0o600), size: 0 };
    this.segments.push(segment);
    const folder = openSync(this.folder, 'r');
    fsyncSync(folder);
    closeSync(folder);
    return this.writing;
  }

  private lastDropped = 0;

  private readFront(): Buffer | undefined {
    const segment = this.segments[0];
    if (segment === undefined) return undefined;
    const { size } = statSync(this.path(segment));
    if (this.front?.segment !== segment || this.front.size !== size)
      this.front = { segment, size, text: readFileSync(this.path(segment)) };
    return this.front.text;
  }

  private dropFront(): void {
    const segment = this.segments.shift()!;
    if (this.segments.length === 0) this.close();
    this.bytes -= statSync(this.path(segment)).size;
    unlinkSync(this.path(segment));
    this.front = undefined;
    this.sent = 0;
    this.lastDropped = segment;
  }

  private path(segment: number): string {
    return join(this.folder, `${String(segment).padStart(12, '0')}.ndjson`);
  }
}
