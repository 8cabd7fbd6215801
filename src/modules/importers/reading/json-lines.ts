import { cleanText } from '../../../platform/text/clean-text.js';
import { fileLines, MAX_LINE_BYTES } from './file-lines.js';

/** One line of a file of JSON lines: its value, or why there is none. */
export type JsonLine =
  | { readonly position: string; readonly value: unknown; readonly raw: string }
  | { readonly position: string; readonly rejected: string; readonly raw?: string };

export const TOO_LARGE = `larger than ${MAX_LINE_BYTES / 1024 / 1024} MiB`;

/** Blank lines are passed over. */
export async function* jsonLines(
  paths: readonly string[],
  onProgress?: (bytes: number) => void,
): AsyncGenerator<JsonLine> {
  for await (const { bytes, position } of fileLines(paths, onProgress)) {
    if (bytes === null) yield { position, rejected: TOO_LARGE };
    else if (!isBlank(bytes)) yield { position, ...readJson(bytes) };
  }
}

/** The value of a piece of JSON text. */
export function readJson(bytes: Buffer): { value: unknown; raw: string } | { rejected: string; raw: string } {
  let text: string;
  try {
    // Replacing bad bytes would store a name that nobody has. (A byte order mark is dropped.)
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { rejected: 'not JSON: not valid UTF-8', raw: bytes.toString('utf8') };
  }
  try {
    return { value: JSON.parse(text) as unknown, raw: text };
  } catch (error) {
    // The parser repeats a piece of the text.
    return { rejected: `not JSON: ${cleanText((error as Error).message)}`, raw: text };
  }
}

const isBlank = (bytes: Buffer) => bytes.length < 1024 && bytes.toString('utf8').trim() === '';
