import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** One element of a file of evidence. */
export type EvidenceItem =
  /** The head, and so the first item. */
  | { readonly kind: 'head'; readonly value: Fields }
  | { readonly kind: 'session'; readonly value: Fields }
  | { readonly kind: 'omitted'; readonly value: Fields }
  /** The last line. */
  | { readonly kind: 'end'; readonly value: Fields }
  /** A line that is none of these. */
  | { readonly kind: 'unknown'; readonly line: number };

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The elements of a file of `evidence export`, or of an answer of `GET /api/v1/sessions/{sessionId}/evidence`. Only one line
 * of a file is in memory.
 */
export async function* readEvidence(path: string): AsyncGenerator<EvidenceItem> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const value = fieldsOf(line);
    if (++number > 1) yield itemOf(value, number);
    else if (value && 'session' in value) return yield* singleSession(value, await readFile(path, 'utf8'));
    else if (value) yield { kind: 'head', value };
    // The first line of an indented document is a bracket.
    else return yield* indented(await readFile(path, 'utf8'));
  }
}

function* indented(text: string): Generator<EvidenceItem> {
  const value = fieldsOf(text);
  if (value) yield* singleSession(value, text);
  else yield { kind: 'unknown', line: 1 };
}

function* singleSession(value: Fields, text: string): Generator<EvidenceItem> {
  yield { kind: 'head', value };
  yield { kind: 'session', value };
  if (fieldsOf(text)) yield { kind: 'end', value: { sessions: 1, omitted: 0 } };
  else yield { kind: 'unknown', line: 2 };
}

function itemOf(value: Fields | undefined, line: number): EvidenceItem {
  if (!value) return { kind: 'unknown', line };
  if ('session' in value) return { kind: 'session', value };
  if (typeof value.omitted === 'string') return { kind: 'omitted', value };
  return 'sessions' in value ? { kind: 'end', value } : { kind: 'unknown', line };
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
