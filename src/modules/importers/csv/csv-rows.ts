import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { cleanText } from '../../../platform/text/clean-text.js';
import { fileLabel, type OnBytes, textBytes } from '../reading/file-bytes.js';

/** Without a limit, an unclosed quote would make the rest of the file one record. */
const MAX_RECORD_BYTES = 1024 * 1024;

/** A row of a table, or the reason why a piece of the file is not one. */
export type CsvRow =
  | { readonly position: string; readonly path: string; readonly cells: readonly string[]; readonly raw: string }
  | { readonly position: string; readonly rejected: string; readonly raw?: string };

/** The rows of CSV files (RFC 4180; quotes are also allowed within a bare field), without empty lines. The position is the last line of a row. */
export async function* csvRows(paths: readonly string[], delimiter: string, onBytes?: OnBytes): AsyncGenerator<CsvRow> {
  for (const path of paths) yield* fileRows(path, fileLabel(paths, path), delimiter, onBytes);
}

async function* fileRows(path: string, label: string, delimiter: string, onBytes?: OnBytes): AsyncGenerator<CsvRow> {
  const skipped: CsvRow[] = [];
  const parser = parse({
    ...{ delimiter, bom: true, raw: true, info: true, relax_quotes: true, record_delimiter: ['\r\n', '\n'] },
    ...{ relax_column_count: true, skip_empty_lines: true, max_record_size: MAX_RECORD_BYTES },
    skip_records_with_error: true,
    on_skip: (error, raw) => {
      // The parser would continue inside the oversized record and skip each further piece of it.
      if (error?.code === 'CSV_MAX_RECORD_SIZE') parser.destroy(error);
      else skipped.push(rejected(error, label, raw));
    },
  });
  const source = Readable.from(textBytes(path, onBytes));
  source.once('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, raw, info } of parser as AsyncIterable<ParsedRow>) {
      yield* skipped.splice(0);
      yield { position: `${label}line ${info.lines}`, path, cells: record, raw };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { position, rejected: reason } = rejected(error, label);
    skipped.push({ position, rejected: `${reason}; the rest of the file was not read` });
  } finally {
    source.destroy();
  }
  yield* skipped;
}

interface ParsedRow {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

function rejected(error: CsvError | undefined, label: string, raw?: string) {
  const line = (error as { lines?: number } | undefined)?.lines ?? '?';
  return { position: `${label}line ${line}`, rejected: cleanText(error?.message ?? 'not CSV'), raw };
}
