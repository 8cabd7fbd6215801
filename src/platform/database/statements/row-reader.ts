/** What reads rows: a transaction or a snapshot. Rows are arrays in the order of the columns. */
export interface RowReader {
  rows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
}

/** The value of `HEX(column)` in lower case. SQLite gives an empty text for null. */
export function hexDigits(value: unknown): string | null {
  return value ? String(value).toLowerCase() : null;
}
