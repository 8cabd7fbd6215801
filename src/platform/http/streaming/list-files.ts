import { csvLines } from '../../text/csv.js';
import type { CallFilter } from '../call.js';
import type { CsvColumns } from './csv-columns.js';
import { jsonLines } from './json-array.js';
import type { Piece } from './stream-answer.js';
import type { ItemEncoder } from './text-chunks.js';

/** The formats of a file with all items of a list. */
export type FileFormat = 'csv' | 'ndjson';

/** What a file of a list is made of. */
export interface ListFile<Item> {
  /** The filter as it was understood, for the audit record. */
  readonly understood: CallFilter;
  readonly columns: CsvColumns<Item>;
  /** Where `JSON.stringify` takes too long. Its result is the same. */
  readonly encoder?: ItemEncoder<Item>;
  /** All items of the filter, after the cursor if there is one. */
  all(): AsyncGenerator<readonly Item[]>;
}

/** The text of a file, piece by piece, so that its size does not matter. */
export function listPieces<Item>(list: ListFile<Item>, format: FileFormat): AsyncGenerator<Piece> {
  return format === 'csv' ? csv(list) : jsonLines(list.all(), list.encoder);
}

async function* csv<Item>({ all, columns }: ListFile<Item>): AsyncGenerator<Piece> {
  const values = Object.values(columns);
  yield { text: csvLines([Object.keys(columns)]), rows: 0 };
  for await (const items of all())
    yield { text: csvLines(items.map((item) => values.map((value) => value(item)))), rows: items.length };
}
