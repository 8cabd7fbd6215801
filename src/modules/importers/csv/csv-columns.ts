import { cleanText } from '../../../platform/text/clean-text.js';
import type { CsvField } from './csv-options.js';

/** Finds the cells of a row by field; columns are given by header name or by number from 1. */
export class CsvColumns {
  private readonly indexes: ReadonlyMap<CsvField, number>;
  private readonly header: readonly string[] | undefined;

  /**
   * @param map column of each field: its name (an exact match, otherwise ignoring case) or its number
   * @throws RangeError that names the missing column and the existing ones
   */
  constructor(map: ReadonlyMap<CsvField, string>, header: readonly string[] | undefined) {
    this.header = header?.map((name) => name.trim());
    this.indexes = new Map([...map].map(([field, column]) => [field, this.indexOf(column, field)]));
  }

  cell(cells: readonly string[], field: CsvField): string | undefined {
    const index = this.indexes.get(field);
    return index === undefined ? undefined : cells[index];
  }

  /** The cell of a column by its header name; undefined when there is no such column. */
  named(cells: readonly string[], name: string): string | undefined {
    const index = this.header?.indexOf(name) ?? -1;
    return index < 0 ? undefined : cells[index];
  }

  private indexOf(column: string, field: CsvField): number {
    const exact = this.header?.indexOf(column) ?? -1;
    if (exact >= 0) return exact;
    const similar = this.header?.findIndex((name) => name.toLowerCase() === column.toLowerCase()) ?? -1;
    if (similar >= 0) return similar;
    const number = /^[1-9]\d{0,3}$/.test(column) ? Number(column) : 0;
    if (number > 0 && (this.header === undefined || number <= this.header.length)) return number - 1;
    const there = this.header
      ? `the columns are: ${this.header.map(cleanText).join(', ').slice(0, 500)}`
      : 'without a header, columns have numbers';
    throw new RangeError(`There is no column ${JSON.stringify(column.slice(0, 100))} for ${field}; ${there}.`);
  }
}
