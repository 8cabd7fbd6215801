import { stringify } from 'csv-stringify/sync';

export type CsvValue = string | number | boolean | null;

/** Columns of a file in their order: the name in the header row, and the value of an item. */
export type CsvColumns<Item> = Readonly<Record<string, (item: Item) => CsvValue>>;

/**
 * Rows of CSV (RFC 4180). A spreadsheet interprets a text that begins with =, +, -, @ or white space as a formula, so an
 * apostrophe is prefixed (OWASP, CSV injection). The library handles all of these except the line feed. Numbers are
 * written as they are.
 */
export function csvRows(rows: readonly (readonly CsvValue[])[]): string {
  return stringify([...rows] as CsvValue[][], {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { boolean: String, string: (text) => (text.startsWith('\n') ? `'${text}` : text) },
  });
}
