import { utf8Text } from '../../../platform/http/body/utf8-text.js';
import { exceededLimit, jsonShape } from '../../../platform/json/json-limits.js';
import type { ParsedItem } from '../ingestion.service.js';
import type { ReceivedRecord } from './received-record.js';
import { MAX_RECORD_BYTES, RECORD_LIMITS } from './record-limits.js';

const LINE_FEED = 10;

/**
 * Reads one record per line while the bytes arrive, and buffers at most one line. Blank lines are counted and skipped.
 * A line that is not JSON in UTF-8, or exceeds a limit, becomes a rejected item; other lines are unaffected.
 */
export async function* ndjsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReceivedRecord> {
  let number = 0;
  let pending: Buffer[] = [];
  let size = 0;
  const add = (piece: Buffer) => {
    size += piece.length;
    // The content of a line that is too large is dropped; only its length is counted.
    if (size > MAX_RECORD_BYTES) pending = [];
    else if (piece.length > 0) pending.push(piece);
  };
  const take = () => {
    const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
    const line = size > MAX_RECORD_BYTES ? tooLong(++number) : readLine(bytes, ++number);
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

function tooLong(number: number): ReceivedRecord {
  const limit = MAX_RECORD_BYTES / 1024 / 1024;
  return rejectedLine(number, `is larger than ${limit} MiB; send activities in several records`, 0);
}

/** @returns undefined for a blank line */
function readLine(bytes: Buffer, number: number): ReceivedRecord | undefined {
  const text = utf8Text(bytes);
  if (text === undefined) return rejectedLine(number, 'is not valid UTF-8', bytes.length);
  if (text.trim() === '') return undefined;
  const shape = jsonShape(bytes);
  const exceeded = exceededLimit(shape, RECORD_LIMITS);
  if (exceeded !== undefined) return rejectedLine(number, exceeded, bytes.length);
  return { item: { parse: () => parse(text, number) }, bytes: bytes.length, values: shape.values };
}

function parse(text: string, number: number): ParsedItem {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { rejected: `line ${number}: is not valid JSON` };
  }
}

function rejectedLine(number: number, problem: string, bytes: number): ReceivedRecord {
  return { item: { rejected: `line ${number}: ${problem}` }, bytes, values: 0 };
}
