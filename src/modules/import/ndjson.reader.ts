import type { IngestRecord } from '../ingest/ingest-record.js';
import { cleanText } from './clean-text.js';
import { fileLines, MAX_LINE_BYTES } from './file-lines.js';
import type { LogItem, LogReaderOptions } from './log-reader.js';

/** The records of ingestion, a JSON object a line; what is in them is checked where they are applied. */
export async function* readNdjson(path: string, options: LogReaderOptions): AsyncGenerator<LogItem> {
  for await (const { bytes, number } of fileLines(path, options.onProgress)) {
    const position = `line ${number}`;
    const item = bytes ? readLine(bytes) : { rejected: `larger than ${MAX_LINE_BYTES / 1024 / 1024} MiB` };
    if (item) yield { position, ...item };
  }
}

function readLine(bytes: Buffer): { record: IngestRecord } | { rejected: string } | undefined {
  let text: string;
  try {
    // Replacing bad bytes would store a name that nobody has. (A byte order mark is dropped.)
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { rejected: 'not JSON: not valid UTF-8' };
  }
  if (text.trim() === '') return undefined;
  try {
    return { record: JSON.parse(text) as IngestRecord };
  } catch (error) {
    // The parser repeats a piece of the line.
    return { rejected: `not JSON: ${cleanText((error as Error).message)}` };
  }
}
