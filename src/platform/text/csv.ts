import { stringify } from 'csv-stringify/sync';

/** What a spreadsheet takes for the begin of a formula, also in full width. */
const SIGN = '[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]';
/** A reader may drop white space and quotation marks before the sign. */
const FORMULA = new RegExp(`^(?:[\\s"]*${SIGN}|[\\t\\r\\n])`);
/** A spreadsheet may split at these characters instead of the comma; what follows one would then begin a cell. */
const FORMULA_AFTER_SEPARATOR = new RegExp(`[;\\t\\r\\n](?=[\\s"]*${SIGN})`, 'g');

/**
 * Rows of CSV (RFC 4180). Every cell is quoted. An apostrophe is inserted where a spreadsheet would begin a formula: before
 * the text, and after a semicolon, a tab or a line break in it (OWASP, CSV injection).
 */
export function csvLines(rows: readonly (readonly unknown[])[]): string {
  return stringify([...rows] as unknown[][], {
    ...{ record_delimiter: '\r\n', quoted: true, quoted_empty: true },
    cast: { boolean: String, string: withoutFormulas },
  });
}

function withoutFormulas(text: string): string {
  const safe = text.replace(FORMULA_AFTER_SEPARATOR, "$&'");
  return FORMULA.test(safe) ? `'${safe}` : safe;
}
