/** Fields to which a column may be mapped. */
const CSV_FIELDS = [
  ...(['id', 'client', 'client-name', 'user', 'domain', 'login', 'logout', 'last-seen'] as const),
  ...(['remote-address', 'remote-host', 'logon-type', 'terminal'] as const),
] as const;
export type CsvField = (typeof CSV_FIELDS)[number];

export interface CsvOptions {
  /** Column of each field: its name in the header, or its number from 1. */
  readonly map?: ReadonlyMap<CsvField, string>;
  readonly dateFormat?: string;
  readonly delimiter?: string;
  /** Whether the first line names the columns; otherwise they have numbers only. */
  readonly header?: boolean;
}

/**
 * Reads `login=Start,logout=End,user=3`.
 *
 * @throws RangeError that names the fault
 */
export function parseCsvMap(text: string): ReadonlyMap<CsvField, string> {
  const map = new Map<CsvField, string>();
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const [field, column] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (at < 0 || column === '') throw new RangeError(`is not field=column: ${part.trim().slice(0, 40)}`);
    if (!(CSV_FIELDS as readonly string[]).includes(field))
      throw new RangeError(`has no field ${field.slice(0, 40)}; there are: ${CSV_FIELDS.join(', ')}`);
    if (map.has(field as CsvField)) throw new RangeError(`gives ${field} twice`);
    map.set(field as CsvField, column);
  }
  return map;
}

/** @throws RangeError unless the text is one character, `tab`, or `\t` */
export function parseDelimiter(text: string): string {
  if (text === 'tab' || text === '\\t') return '\t';
  if ([...text].length !== 1 || /["\r\n]/.test(text)) throw new RangeError('is one character, or the word tab');
  return text;
}
