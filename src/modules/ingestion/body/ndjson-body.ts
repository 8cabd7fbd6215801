import { isUtf8 } from 'node:buffer';
import type { IngestItem } from '../ingestion.service.js';

export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** One line that is not blank, and its size. */
export interface NdjsonLine {
  readonly item: IngestItem;
  readonly bytes: number;
}

const LINE_FEED = 10;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Reads a record a line as the bytes arrive; keeps at most one line. Blank lines count, but are no records. A line that is
 * not JSON in UTF-8, or is larger than MAX_LINE_BYTES, is an item with the reason, and harms no other.
 */
export async function* ndjsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<NdjsonLine> {
  let number = 0;
  let pending: Buffer[] = [];
  let size = 0;
  const add = (piece: Buffer) => {
    size += piece.length;
    // Of a line that is too large only its length is kept.
    if (size > MAX_LINE_BYTES) pending = [];
    else if (piece.length > 0) pending.push(piece);
  };
  const take = () => {
    const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
    const line = size > MAX_LINE_BYTES ? tooLong(++number) : readLine(bytes, ++number);
    pending = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      const empty = end === from && size === 0;
      if (!empty) add(chunk.subarray(from, end));
      from = end + 1;
      // Not worth a look: a body may be made of nothing else.
      const line = empty ? void number++ : take();
      if (line) yield line;
    }
    add(chunk.subarray(from));
  }
  const last = take();
  if (last) yield last;
}

function tooLong(number: number): NdjsonLine {
  const rejected = `line ${number}: is larger than ${MAX_LINE_BYTES / 1024 / 1024} MiB; send activities in several records`;
  return { item: { rejected }, bytes: 0 };
}

function readLine(bytes: Buffer, number: number): NdjsonLine | undefined {
  if (!isUtf8(bytes)) return { item: { rejected: `line ${number}: is not valid UTF-8` }, bytes: bytes.length };
  const text = textOf(bytes);
  if (text.trim() === '') return undefined;
  try {
    return { item: { value: JSON.parse(text) as unknown }, bytes: bytes.length };
  } catch {
    return { item: { rejected: `line ${number}: is not valid JSON` }, bytes: bytes.length };
  }
}

/** Without the mark that some programs write before everything (RFC 8259, section 8.1, lets us pass over it). */
export function textOf(utf8: Buffer): string {
  const text = utf8.toString();
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}
