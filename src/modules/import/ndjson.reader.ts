import type { IngestRecord } from '../ingest/ingest-record.js';
import { fileLines } from './file-lines.js';
import type { LogItem, LogReaderOptions } from './log-reader.js';

/** The records of ingestion, a JSON object a line; what is in them is checked where they are applied. */
export async function* readNdjson(path: string, options: LogReaderOptions): AsyncGenerator<LogItem> {
  for await (const { text, number } of fileLines(path, options.onProgress)) {
    if (text.trim() === '') continue;
    const position = `line ${number}`;
    try {
      yield { position, record: JSON.parse(text) as IngestRecord };
    } catch (error) {
      yield { position, rejected: `not JSON: ${(error as Error).message}` };
    }
  }
}
