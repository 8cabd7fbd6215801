import { ProblemError } from '../../common/problem.js';
import type { IngestItem } from './ingest.service.js';

/**
 * Reads a JSON array of records whole.
 *
 * @param chunks already limited in size
 * @throws ProblemError `invalid-body` when it is no JSON array in UTF-8
 */
export async function jsonRecords(chunks: AsyncIterable<Buffer>): Promise<IngestItem[]> {
  const pieces: Buffer[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  const value = parse(Buffer.concat(pieces));
  if (!Array.isArray(value)) throw new ProblemError('invalid-body', 'The body is not a JSON array of records.');
  return value.map((element: unknown) => ({ value: element }));
}

function parse(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError('invalid-body', 'The body is not valid UTF-8.');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProblemError('invalid-body', 'The body is not valid JSON.');
  }
}
