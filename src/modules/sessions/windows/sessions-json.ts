import { copyBytes } from '../../../platform/text/copy-bytes.js';
import { InstantBytes, ZONED_BYTES } from '../../../platform/time/instant-bytes.js';
import type { Piece } from '../../../platform/http/streaming/json-stream.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import { RawRow, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Span } from '../domain/clip.js';
import { CLIENT_ID, END, ID, LOGIN, SESSION_FIELDS, USER_ID } from './sessions.queries.js';

/** As much as a socket takes at once. */
const CHUNK_BYTES = 64 * 1024;
/** More than one element: a guid has at most 64 characters, each escaped at most to two. */
const MAX_ELEMENT_BYTES = 512;

const NO_DATE = '-'.repeat(ZONED_BYTES);
const USER_NAME = Buffer.from(',"userId":');
const [OPEN, CLOSE, BRACE] = Buffer.from('[]}') as unknown as [number, number, number];

/** Elements of one client up to their `sessionId`, with room for the dates: copied whole, as one copy is cheaper than ten. */
export interface ElementTemplate {
  readonly ended: Buffer;
  readonly live: Buffer;
  readonly logoutAt: number;
}

/** Where the login is, counted from the end of a template. */
const LOGIN_BEFORE_END = ZONED_BYTES + '","sessionId":'.length;

export function elementTemplate(clientGuid: string): ElementTemplate {
  const head = `,{"clientGuid":${JSON.stringify(clientGuid)},"logoutDate":`;
  const tail = `,"loginDate":"${NO_DATE}","sessionId":`;
  const ended = Buffer.from(`${head}"${NO_DATE}"${tail}`);
  return { ended, live: Buffer.from(`${head}null${tail}`), logoutAt: Buffer.byteLength(head) + 1 };
}

/**
 * The bare array of the compatible endpoint, spliced from the bytes of raw rows: no object, Date or JSON.stringify a row.
 * Nothing but `end` closes the bracket, so a part of the answer never parses as the whole.
 */
export class SessionsJson {
  private readonly dates: InstantBytes;
  private readonly row = new RawRow(SESSION_FIELDS);
  private chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private readonly spare: Buffer[] = [];
  private used = 0;
  private rowsInChunk = 0;
  private isFirst = true;

  constructor(zone: TimeZone) {
    this.dates = new InstantBytes(zone);
  }

  /**
   * @param clipped by index of the row: those that cross a bound, as the window sees them
   * @returns the chunks that became full
   */
  *add(
    rows: RawRows,
    clipped: ReadonlyMap<number, Span>,
    templateOf: (clientId: number) => ElementTemplate,
  ): Generator<Piece, void> {
    for (let i = 0; i < rows.count; i++) {
      if (this.used > CHUNK_BYTES - MAX_ELEMENT_BYTES) {
        yield this.take();
        this.chunk = this.spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
      }
      const row = this.row.read(rows, i);
      const span = clipped.size > 0 ? clipped.get(i) : undefined;
      this.used = this.element(row, span, templateOf(row.number(CLIENT_ID)));
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
    const free = () => void this.spare.push(chunk);
    const piece = { text: chunk.subarray(0, this.used), rows: this.rowsInChunk, free };
    this.used = 0;
    this.rowsInChunk = 0;
    return piece;
  }

  /** @returns where the element ends */
  private element(row: RawRow, span: Span | undefined, template: ElementTemplate): number {
    const { chunk, used } = this;
    const isLive = span ? span.end === null : row.isNull(END);
    const form = isLive ? template.live : template.ended;
    chunk.set(form, used);
    if (this.isFirst) chunk[used] = OPEN;
    this.isFirst = false;
    let at = used + form.length;
    if (!isLive) this.date(row, END, span && span.end!, used + template.logoutAt);
    this.date(row, LOGIN, span?.login, at - LOGIN_BEFORE_END);
    at = copyBytes(row.bytes, row.starts[ID]!, row.lengths[ID]!, chunk, at);
    at = copyBytes(USER_NAME, 0, USER_NAME.length, chunk, at);
    at = copyBytes(row.bytes, row.starts[USER_ID]!, row.lengths[USER_ID]!, chunk, at);
    chunk[at++] = BRACE;
    return at;
  }

  private date(row: RawRow, field: number, instead: string | undefined, at: number): void {
    if (instead === undefined) this.dates.copy(row.bytes, row.starts[field]!, this.chunk, at);
    else this.dates.copyText(instead, this.chunk, at);
  }
}
