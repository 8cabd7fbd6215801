import { InstantBytes, ZONED_BYTES } from '../../common/instant-bytes.js';
import type { Piece } from '../../common/json-stream.js';
import type { TimeZone } from '../../common/time-zone.js';
import { RawRow, type RawRows } from '../../database/raw-rows.js';
import type { Span } from './clip.js';
import { CLIENT_ID, END, ID, LOGIN, SESSION_FIELDS, USER_ID } from './sessions.queries.js';

/** As much as a socket takes at once. */
const CHUNK_BYTES = 64 * 1024;
/** More than one element: a guid has at most 64 characters, each escaped at most to two. */
const MAX_ELEMENT_BYTES = 512;

const LOGIN_NAME = Buffer.from(',"loginDate":"');
const ID_NAME = Buffer.from('","sessionId":');
const USER_NAME = Buffer.from(',"userId":');
const NULL = Buffer.from('null');
const [QUOTE, OPEN, CLOSE, BRACE] = Buffer.from('"[]}') as unknown as [number, number, number, number];

/** What stands before the dates of an element: all that depends on the client, so that it is made once a client. */
export function elementPrefix(clientGuid: string): Buffer {
  return Buffer.from(`,{"clientGuid":${JSON.stringify(clientGuid)},"logoutDate":`);
}

/**
 * The bare array of the compatible endpoint, spliced from the bytes of raw rows: no object, Date or JSON.stringify a row.
 * Nothing but `end` closes the bracket, so a part of the answer never parses as the whole.
 */
export class SessionsJson {
  private readonly dates: InstantBytes;
  private readonly format: (instantText: string) => string;
  private readonly row = new RawRow(SESSION_FIELDS);
  private chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private used = 0;
  private rowsInChunk = 0;
  private isFirst = true;

  constructor(zone: TimeZone) {
    this.dates = new InstantBytes(zone);
    this.format = zone.formatter();
  }

  /**
   * @param clipped by index of the row: those that cross a bound, as the window sees them
   * @returns the chunks that became full
   */
  *add(
    rows: RawRows,
    clipped: ReadonlyMap<number, Span>,
    prefixOf: (clientId: number) => Buffer,
  ): Generator<Piece, void> {
    for (let i = 0; i < rows.count; i++) {
      if (this.used > CHUNK_BYTES - MAX_ELEMENT_BYTES) {
        yield this.take();
        this.chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      }
      const row = this.row.read(rows, i);
      const span = clipped.size > 0 ? clipped.get(i) : undefined;
      this.used = this.element(row, span, prefixOf(row.number(CLIENT_ID)));
      this.rowsInChunk++;
    }
  }

  /** @returns the rest, with the closing bracket */
  end(): Piece {
    if (this.isFirst) this.chunk[this.used++] = OPEN;
    this.chunk[this.used++] = CLOSE;
    return this.take();
  }

  private take(): Piece {
    const piece = { text: this.chunk.subarray(0, this.used), rows: this.rowsInChunk };
    this.used = 0;
    this.rowsInChunk = 0;
    return piece;
  }

  /** @returns where the element ends */
  private element(row: RawRow, span: Span | undefined, prefix: Buffer): number {
    const { chunk } = this;
    let at = this.used;
    at += prefix.copy(chunk, at);
    if (this.isFirst) chunk[this.used] = OPEN;
    this.isFirst = false;
    if (span ? span.end === null : row.isNull(END)) at += NULL.copy(chunk, at);
    else {
      chunk[at++] = QUOTE;
      at = this.date(row, END, span && span.end!, at);
      chunk[at++] = QUOTE;
    }
    at += LOGIN_NAME.copy(chunk, at);
    at = this.date(row, LOGIN, span?.login, at);
    at += ID_NAME.copy(chunk, at);
    at = copyField(row, ID, chunk, at);
    at += USER_NAME.copy(chunk, at);
    at = copyField(row, USER_ID, chunk, at);
    chunk[at++] = BRACE;
    return at;
  }

  private date(row: RawRow, field: number, instead: string | undefined, at: number): number {
    if (instead !== undefined) return at + this.chunk.write(this.format(instead), at, 'latin1');
    this.dates.copy(row.bytes, row.starts[field]!, this.chunk, at);
    return at + ZONED_BYTES;
  }
}

function copyField(row: RawRow, field: number, to: Buffer, at: number): number {
  const start = row.starts[field]!;
  const length = row.lengths[field]!;
  for (let i = 0; i < length; i++) to[at + i] = row.bytes[start + i]!;
  return at + length;
}
