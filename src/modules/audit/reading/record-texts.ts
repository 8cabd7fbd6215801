import type { Piece } from '../../../platform/http/streaming/stream-answer.js';
import { csvLines } from '../../../platform/text/csv.js';
import type { AuditRecord } from '../chain/audit-record.js';
import { toResponse } from './dto/audit-record.response.js';

type Pages = AsyncGenerator<readonly AuditRecord[]>;

/** The media type of a format, and its encoder for pages of records. */
export const STREAM_FORMATS = {
  'application/x-ndjson': { name: 'ndjson', contentType: 'application/x-ndjson; charset=utf-8', pieces: ndjson },
  'text/csv': { name: 'csv', contentType: 'text/csv; charset=utf-8; header=present', pieces: csv },
} as const;

async function* ndjson(pages: Pages): AsyncGenerator<Piece> {
  for await (const page of pages)
    yield { text: page.map((record) => `${JSON.stringify(toResponse(record))}\n`).join(''), rows: page.length };
}

/** Columns in the order of the JSON members. */
const COLUMNS = [
  ...['seq', 'at', 'kind', 'requestSeq', 'requestId', 'caller', 'callerName', 'address', 'action', 'method', 'path'],
  ...['filter', 'status', 'rows', 'bytes', 'durationMs', 'cutShort', 'previousHash', 'hash'],
];

/** CSV with a header line. */
async function* csv(pages: Pages): AsyncGenerator<Piece> {
  yield { text: csvLines([COLUMNS]), rows: 0 };
  for await (const page of pages) {
    const rows = page.map((record) => Object.values(toResponse(record)) as unknown[]);
    yield { text: csvLines(rows), rows: page.length };
  }
}
