import { type Engine, textType } from '../engines/engine.js';

/** SQL type of one value of a bound row. `digits` are bytes, given as pairs of hexadecimal digits. */
export type BoundType =
  'integer' | 'instant' | 'digits' | 'long text' | { readonly text: number } | { readonly ascii: number };

/** Columns of bound rows, by name, in the order of the values. */
export type BoundColumns = Readonly<Record<string, BoundType>>;

export type BoundValue = string | number | null;

/**
 * UTF-16 code units of one bound list. In UTF-8 that is at most 3 MB, below the smallest `max_allowed_packet` that a
 * supported server has by default (16 MiB).
 */
const MAX_LIST_LENGTH = 1_000_000;

/**
 * A table expression that unpacks one bound parameter: a JSON array of rows, each an array of values.
 *
 * The text of a statement is the same for any number of rows, so a server prepares it once for each connection. Text gets
 * the collation of the columns that it is compared with: another one would make an index useless.
 * A value that does not fit its type is an error (by default JSON_TABLE would make it NULL).
 *
 * Source: MySQL 9.7 Reference Manual, section 14.17.6; MariaDB documentation, JSON_TABLE; SQLite, json_each.
 */
export function boundRows(engine: Engine, columns: BoundColumns, alias: string): string {
  const names = Object.keys(columns);
  if (engine.family === 'sqlite') {
    const values = names.map((name, i) => `value ->> ${i} AS ${name}`);
    return `(SELECT ${values.join(', ')} FROM json_each(?)) AS ${alias}`;
  }
  const defined = names.map((name, i) => `${name} ${sqlType(engine, columns[name]!)} PATH '$[${i}]' ERROR ON ERROR`);
  return `JSON_TABLE(?, '$[*]' COLUMNS (${defined.join(', ')})) AS ${alias}`;
}

function sqlType(engine: Engine, type: BoundType): string {
  if (type === 'integer') return 'BIGINT';
  if (type === 'instant') return 'DATETIME(3)';
  if (type === 'digits') return 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin';
  // VARCHAR holds up to 16,383 characters of four bytes; TEXT has no such limit.
  if (type === 'long text') return textType(engine, 0).replace('VARCHAR(0)', 'TEXT');
  if ('ascii' in type) return `VARCHAR(${type.ascii}) CHARACTER SET ascii COLLATE ascii_bin`;
  return textType(engine, type.text);
}

/**
 * Joins rows, each a JSON array, to values for the parameter of `boundRows`. Each value is bounded in size; without rows
 * there is none.
 */
export function* boundLists(rows: Iterable<string>): Generator<string> {
  let part: string[] = [];
  let length = 0;
  for (const row of rows) {
    part.push(row);
    length += row.length + 1;
    if (length < MAX_LIST_LENGTH) continue;
    yield `[${part.join(',')}]`;
    part = [];
    length = 0;
  }
  if (part.length > 0) yield `[${part.join(',')}]`;
}
