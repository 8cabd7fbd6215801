import { utf8Text } from '../../../platform/http/body/utf8-text.js';
import type { IngestItem } from '../ingestion.service.js';

export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** One line that is not blank, and its size in bytes. */
export interface NdjsonLine {
  readonly item: IngestItem;
  readonly bytes: number;
}

const LINE_FEED = 10;

/**
 * Reads one record per line while the bytes arrive, and buffers at most one line. Blank lines are counted and skipped.
 * A line that is not JSON in UTF-8, or is larger than MAX_LINE_BYTES, becomes a rejected item; other lines are unaffected.
 */
export async function* ndjsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<NdjsonLine> {
  let number = 0;
  let pending: Buffer[] = [];
  let size = 0;
  const add = (piece: Buffer) => {
    size += piece.length;
    // The content of a line that is too large is dropped; only its length is counted.
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
      // A fast path, because a body may consist of empty lines only.
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
  const text = utf8Text(bytes);
  if (text === undefined) return { item: { rejected: `line ${number}: is not valid UTF-8` }, bytes: bytes.length };
  if (text.trim() === '') return undefined;
  try {
    return { item: { value: JSON.parse(text) as unknown }, bytes: bytes.length };
  } catch {
    return { item: { rejected: `line ${number}: is not valid JSON` }, bytes: bytes.length };
  }
}
