import type { IngestRecord } from '../../ingestion/pipeline/ingest-record.js';
import { jsonLines } from '../reading/json-lines.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';

/** The records of ingestion, a JSON object a line; what is in them is checked where they are applied. */
export async function* readNdjson(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  for await (const line of jsonLines(paths, options.onProgress))
    yield 'rejected' in line ? line : { position: line.position, record: line.value as IngestRecord, raw: line.raw };
}
