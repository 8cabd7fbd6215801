import type { IngestItem } from './ingest.service.js';
import { tooLarge } from './request-body.js';

export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** One line that is not blank, and its size. */
export interface NdjsonLine {
  readonly item: IngestItem;
  readonly bytes: number;
}

const LINE_FEED = 10;

/**
 * Reads a record a line as the bytes arrive; keeps at most one line. Blank lines count, but are no records. A line that is
 * not JSON in UTF-8 is an item with the reason, and harms no other.
 *
 * @throws ProblemError `payload-too-large` at a line over MAX_LINE_BYTES
 */
export async function* ndjsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<NdjsonLine> {
  let number = 0;
  let pending: Buffer[] = [];
  let size = 0;
  const add = (piece: Buffer) => {
    size += piece.length;
    if (size > MAX_LINE_BYTES) throw tooLarge(`Line ${number + 1} is larger than ${MAX_LINE_BYTES / 1024 / 1024} MiB.`);
    pending.push(piece);
  };
  const take = () => {
    const line = readLine(Buffer.concat(pending), ++number);
    pending = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      const line = take();
      if (line) yield line;
    }
    add(chunk.subarray(from));
  }
  const last = take();
  if (last) yield last;
}

function readLine(bytes: Buffer, number: number): NdjsonLine | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { item: { rejected: `line ${number}: is not valid UTF-8` }, bytes: bytes.length };
  }
  if (text.trim() === '') return undefined;
  try {
    return { item: { value: JSON.parse(text) as unknown }, bytes: bytes.length };
  } catch {
    return { item: { rejected: `line ${number}: is not valid JSON` }, bytes: bytes.length };
  }
}
