import type { IngestRecord } from '../../ingestion/pipeline/ingest-record.js';
import { jsonFormat, jsonLines } from '../reading/json-lines.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';

const RECORD_FIELDS = ['externalId', 'clientGuid', 'userName', 'loginDate'];
const FORMAT = jsonFormat(
  'JSON lines of session records (with externalId, clientGuid, userName, loginDate)',
  (fields) => {
    const names = Object.keys(fields);
    return names.length === 0 || RECORD_FIELDS.some((name) => names.includes(name));
  },
);

/**
 * The records of `POST /api/v1/ingest/sessions` (docs/ingestion.md), one JSON object per line. Ingestion validates their
 * content.
 */
export async function* readNdjson(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  for await (const line of jsonLines(paths, options.onProgress, FORMAT))
    yield 'rejected' in line ? line : { position: line.position, record: line.value as IngestRecord, raw: line.raw };
}
