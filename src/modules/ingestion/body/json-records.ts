import { utf8Text } from '../../../platform/http/body/utf8-text.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import type { IngestItem } from '../ingestion.service.js';

/**
 * Parses a JSON array of records. A body that is invalid anywhere yields no record at all.
 *
 * @throws ProblemError `invalid-body` when it is not a JSON array in UTF-8
 */
export function jsonRecords(bytes: Buffer): IngestItem[] {
  const text = utf8Text(bytes);
  if (text === undefined) throw new ProblemError('invalid-body', 'The body is not valid UTF-8.');
  const value = parse(text);
  if (!Array.isArray(value)) throw new ProblemError('invalid-body', 'The body is not a JSON array of records.');
  return value.map((element: unknown) => ({ value: element }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProblemError('invalid-body', 'The body is not valid JSON.');
  }
}
