import { csvLines } from '../../text/csv.js';
import type { CallFilter } from '../call.js';
import type { CsvColumns } from './csv-columns.js';
import type { Piece } from './stream-answer.js';

/** The formats of a file with all items of a list. */
export type FileFormat = 'csv' | 'ndjson';

/** What a file of a list is made of. */
export interface ListFile<Item> {
  /** The filter as it was understood, for the audit record. */
  readonly understood: CallFilter;
  readonly columns: CsvColumns<Item>;
  /** All items of the filter, after the cursor if there is one. */
  all(): AsyncGenerator<readonly Item[]>;
}

/** The text of a file, piece by piece, so that its size does not matter. */
export function listPieces<Item>(list: ListFile<Item>, format: FileFormat): AsyncGenerator<Piece> {
  return format === 'csv' ? csv(list) : ndjson(list);
}

async function* ndjson<Item>({ all }: ListFile<Item>): AsyncGenerator<Piece> {
  for await (const items of all())
    yield { text: items.map((item) => `${JSON.stringify(item)}\n`).join(''), rows: items.length };
}

async function* csv<Item>({ all, columns }: ListFile<Item>): AsyncGenerator<Piece> {
  const values = Object.values(columns);
  yield { text: csvLines([Object.keys(columns)]), rows: 0 };
  for await (const items of all())
    yield { text: csvLines(items.map((item) => values.map((value) => value(item)))), rows: items.length };
}
