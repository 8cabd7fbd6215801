import { exceededLimit, type JsonLimits, jsonShape } from '../../../platform/json/json-limits.js';
import { cleanText } from '../../../platform/text/clean-text.js';
import { type FileLine, fileLines, MAX_LINE_BYTES } from './file-lines.js';
import type { ExpectedFormat } from './format-check.js';

/** One line of a file of JSON lines: its value, or the reason why it cannot be read. */
export type JsonLine =
  | { readonly position: string; readonly value: unknown; readonly raw: string }
  | { readonly position: string; readonly rejected: string; readonly raw?: string };

export const TOO_LARGE = `larger than ${MAX_LINE_BYTES / 1024 / 1024} MiB`;

/** The lines of JSON text (jsonlines.org, RFC 8259). Blank lines are skipped. */
export async function* jsonLines(
  paths: readonly string[],
  onProgress?: (bytes: number) => void,
  format?: ExpectedFormat<JsonLine>,
): AsyncGenerator<JsonLine> {
  const lineFormat = format && { name: format.name, matches: ({ bytes }: FileLine) => matchesBytes(bytes, format) };
  for await (const { bytes, position } of fileLines(paths, onProgress, lineFormat)) {
    if (bytes === null) yield { position, rejected: TOO_LARGE };
    else if (!isBlank(bytes)) yield { position, ...readJson(bytes) };
  }
}

function matchesBytes(bytes: Buffer | null, format: ExpectedFormat<JsonLine>): boolean | undefined {
  if (bytes === null || isBlank(bytes)) return undefined;
  return format.matches({ position: '', ...readJson(bytes) });
}

/** Logs have up to about 10 levels. Readers of nested fields recurse, so a few bytes per level would end their stack. */
const LIMITS: JsonLimits = { depth: 64, values: 200_000 };

/** The value of a piece of JSON text. */
export function readJson(bytes: Buffer): { value: unknown; raw: string } | { rejected: string; raw: string } {
  let text: string;
  try {
    // Replacing bad bytes would store a name that does not exist. (A byte order mark is dropped.)
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { rejected: 'not JSON: not valid UTF-8', raw: bytes.toString('utf8') };
  }
  const exceeded = exceededLimit(jsonShape(bytes), LIMITS);
  if (exceeded !== undefined) return { rejected: exceeded, raw: text };
  try {
    return { value: JSON.parse(text) as unknown, raw: text };
  } catch (error) {
    // The message of the parser quotes a piece of the text.
    return { rejected: `not JSON: ${cleanText((error as Error).message)}`, raw: text };
  }
}

/**
 * A format of JSON objects. A piece that begins like an object and cannot be parsed is damaged; other text is of another
 * format.
 *
 * @param isExpected decides by its fields whether an object has the format
 */
export function jsonFormat(
  name: string,
  isExpected: (fields: Readonly<Record<string, unknown>>) => boolean,
): ExpectedFormat<JsonLine> {
  const matches = (line: JsonLine) => {
    if ('rejected' in line) return line.raw === undefined || line.raw.trimStart().startsWith('{') ? undefined : false;
    const { value } = line;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && isExpected(value as Readonly<Record<string, unknown>>);
  };
  return { name, matches };
}

const isBlank = (bytes: Buffer) => bytes.length < 1024 && bytes.toString('utf8').trim() === '';
