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

/** The first records of the spool, and the position after them. */
export interface SpoolBatch {
  /** One JSON text per record. */
  readonly lines: readonly string[];
  readonly end: number;
}

const SEGMENT_BYTES = 1024 * 1024;
const SEGMENT = /^(\d{12})\.ndjson$/;

/**
 * Pending records in append-only files of JSON lines, synced to disk before `append` returns. A file is removed when all
 * its records are acknowledged. After a crash its records are sent again, which changes nothing on the server.
 */
export class Spool {
  private readonly segments: number[];
  private bytes = 0;
  private writing: { readonly file: number; size: number } | undefined;
  /** Acknowledged bytes of the first segment. */
  private sent = 0;
  private front: { readonly segment: number; readonly size: number; readonly text: Buffer } | undefined;

  /** @throws the file system error if the directory cannot be created or written */
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.segments = readdirSync(folder)
      .flatMap((name) => (SEGMENT.test(name) ? [Number(name.slice(0, 12))] : []))
      .sort((a, b) => a - b);
    for (const segment of this.segments) this.bytes += statSync(this.path(segment)).size;
  }

  /** Size on disk in bytes. */
  get size(): number {
    return this.bytes;
  }

  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  /** Appends records; they are durable when this returns. */
  append(records: readonly IngestRecord[]): void {
    if (records.length === 0) return;
    const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const target = this.writable();
    for (let at = 0; at < bytes.length;) at += writeSync(target.file, bytes, at);
    fsyncSync(target.file);
    target.size += bytes.length;
    this.bytes += bytes.length;
  }

  /** @returns the first unacknowledged records within the limits; undefined if there are none */
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
    // An incomplete last line was truncated by a crash; the log is read again from before it.
    this.dropFront();
    return this.peek(maxRecords, maxBytes);
  }

  /** Marks the records of `peek` as acknowledged, up to the given position. */
  acknowledge(end: number): void {
    this.sent = end;
    const segment = this.segments[0];
    if (segment !== undefined && this.sent >= statSync(this.path(segment)).size) this.dropFront();
  }

  close(): void {
    if (this.writing) closeSync(this.writing.file);
    this.writing = undefined;
  }

  /** Appends only to files of this run, because an older one may end in the middle of a line. */
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
