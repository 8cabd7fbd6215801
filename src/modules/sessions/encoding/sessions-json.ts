import { copyBytes } from '../../../platform/text/copy-bytes.js';
import { InstantBytes, ZONED_BYTES } from '../../../platform/time/bulk/instant-bytes.js';
import { CHUNK_BYTES, returnChunk, takeChunk } from '../../../platform/http/streaming/chunk-pool.js';
import type { Piece } from '../../../platform/http/streaming/stream-answer.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import { RawRow, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Span } from '../domain/clip.js';
import { CLIENT_ID, END, ID, LOGIN, SESSION_FIELDS, USER_ID } from '../windows/session-row.js';

/** Upper bound of one element: a guid has at most 64 characters, and JSON escapes each of them with at most two. */
const MAX_ELEMENT_BYTES = 512;

const NO_DATE = '-'.repeat(ZONED_BYTES);
const USER_ID_KEY = Buffer.from(',"userId":');
const [OPEN, CLOSE, BRACE] = Buffer.from('[]}') as unknown as [number, number, number];

/**
 * The JSON of an element of one client up to the value of `sessionId`, with placeholders for the dates. Copying one template
 * is faster than writing its ten parts.
 */
export interface ElementTemplate {
  /** Of a session that has ended. */
  readonly ended: Buffer;
  /** Of a live session: its `logoutDate` is null. */
  readonly live: Buffer;
  /** Offset of the logout in `ended`. */
  readonly logoutAt: number;
}

/** Distance from the login to the end of a template. */
const LOGIN_BEFORE_END = ZONED_BYTES + '","sessionId":'.length;

export function elementTemplate(clientGuid: string): ElementTemplate {
  const head = `,{"clientGuid":${JSON.stringify(clientGuid)},"logoutDate":`;
  const tail = `,"loginDate":"${NO_DATE}","sessionId":`;
  const ended = Buffer.from(`${head}"${NO_DATE}"${tail}`);
  return { ended, live: Buffer.from(`${head}null${tail}`), logoutAt: Buffer.byteLength(head) + 1 };
}

/**
 * Writes the JSON array of `GET /ekranapi/sessions` from the bytes of raw rows, without an object, a Date or a call of
 * JSON.stringify for each row. Only `end` writes the closing bracket, so a part of the answer never parses as the whole.
 */
export class SessionsJson {
  private readonly dates: InstantBytes;
  private readonly row = new RawRow(SESSION_FIELDS);
  private chunk = takeChunk();
  private used = 0;
  private rowsInChunk = 0;
  private isFirst = true;

  constructor(zone: TimeZone) {
    this.dates = new InstantBytes(zone);
  }

  /**
   * @param clipped by index of the row: login and end as the window shows them, where they differ from the true ones
   * @param templates by client id; one for each client of the rows
   * @returns the chunks that are full
   */
  *add(
    rows: RawRows,
    clipped: ReadonlyMap<number, Span>,
    templates: ReadonlyMap<number, ElementTemplate>,
  ): Generator<Piece, void> {
    for (let i = 0; i < rows.count; i++) {
      if (this.used > CHUNK_BYTES - MAX_ELEMENT_BYTES) {
        yield this.take();
        this.chunk = takeChunk();
      }
      const row = this.row.read(rows, i);
      const span = clipped.size > 0 ? clipped.get(i) : undefined;
      const template = templates.get(row.number(CLIENT_ID));
      if (template === undefined) throw new Error(`There is no client ${row.number(CLIENT_ID)}.`);
      this.used = this.element(row, span, template);
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
    const { chunk } = this;
    const free = () => returnChunk(chunk);
    const piece = { text: chunk.subarray(0, this.used), rows: this.rowsInChunk, free };
    this.used = 0;
    this.rowsInChunk = 0;
    return piece;
  }

  /** @returns the offset after the element */
  private element(row: RawRow, span: Span | undefined, template: ElementTemplate): number {
    const { chunk, used } = this;
    const isLive = span ? span.end === null : row.isNull(END);
    const bytes = isLive ? template.live : template.ended;
    chunk.set(bytes, used);
    if (this.isFirst) chunk[used] = OPEN;
    this.isFirst = false;
    let at = used + bytes.length;
    if (!isLive) this.date(row, END, span && span.end!, used + template.logoutAt);
    this.date(row, LOGIN, span?.login, at - LOGIN_BEFORE_END);
    at = copyBytes(row.bytes, row.starts[ID]!, row.lengths[ID]!, chunk, at);
    at = copyBytes(USER_ID_KEY, 0, USER_ID_KEY.length, chunk, at);
    at = copyBytes(row.bytes, row.starts[USER_ID]!, row.lengths[USER_ID]!, chunk, at);
    chunk[at++] = BRACE;
    return at;
  }

  private date(row: RawRow, field: number, instead: string | undefined, at: number): void {
    if (instead === undefined) this.dates.copy(row.bytes, row.starts[field]!, this.chunk, at);
    else this.dates.copyText(instead, this.chunk, at);
  }
}
