import type { Database } from 'better-sqlite3';

export type SqlValue = string | number | null;

/** A column by its name; `hex` says that its values are bytes, given as pairs of hexadecimal digits. */
export type Column = string | { readonly name: string; readonly hex: true };

/** Rows for one table. */
export interface Insert {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly rows: Iterable<readonly SqlValue[]>;
  /** What follows the rows in the statement. */
  readonly tail?: string;
}

/**
 * Characters of one statement. Written in UTF-8, with every character escaped, that is at most 6 MB: less than half of what
 * the strictest server takes by default.
 */
const MAX_CHARACTERS = 1_000_000;

/**
 * Statements of many rows for a server. The values stand in the text: parameters would be escaped by the driver in the same
 * way, at several times the cost.
 */
export function* insertStatements({ table, columns, rows, tail = '' }: Insert): Generator<string> {
  const head = `INSERT INTO ${table} (${columns.map(nameOf).join(', ')}) VALUES `;
  const hex = columns.map((column) => typeof column !== 'string');
  let text = '';
  for (const row of rows) {
    text += text === '' ? `${head}(` : ',(';
    for (let i = 0; i < row.length; i++) text += (i === 0 ? '' : ',') + literal(row[i]!, hex[i]!);
    text += ')';
    if (text.length < MAX_CHARACTERS) continue;
    yield `${text} ${tail}`;
    text = '';
  }
  if (text !== '') yield `${text} ${tail}`;
}

/**
 * Without a pause: whoever got a turn meanwhile would find the one connection within this transaction.
 *
 * @returns id of the first row
 */
export async function insertOnSqlite(db: Database, { table, columns, rows, tail = '' }: Insert): Promise<number> {
  const values = columns.map((column) => (typeof column === 'string' ? '?' : 'unhex(?)')).join(', ');
  const statement = db.prepare(`INSERT INTO ${table} (${columns.map(nameOf).join(', ')}) VALUES (${values}) ${tail}`);
  let first = 0;
  for (const row of rows) {
    const { lastInsertRowid } = statement.run(...row);
    if (first === 0) first = Number(lastInsertRowid);
  }
  return first;
}

const nameOf = (column: Column) => (typeof column === 'string' ? column : column.name);

const HEX = /^(?:[0-9a-f]{2})*$/;
// eslint-disable-next-line no-control-regex
const SPECIAL = /[\\'\u0000]/;
// eslint-disable-next-line no-control-regex
const EACH_SPECIAL = /[\\'\u0000]/g;

/** A value as it stands in a statement for a server. */
export const serverLiteral = (value: string | number) => literal(value, false);

/** The same for SQLite, where a backslash is a character like any other. */
export const sqliteLiteral = (value: string | number) =>
  typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;

/** Connections have NO_BACKSLASH_ESCAPES off and talk UTF-8 (see SESSION_SETTINGS), where no other character acts. */
function literal(value: SqlValue, hex: boolean): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (hex) {
    if (!HEX.test(value)) throw new TypeError('not hexadecimal');
    return `x'${value}'`;
  }
  if (!SPECIAL.test(value)) return `'${value}'`;
  return `'${value.replace(EACH_SPECIAL, (c) => (c === '\0' ? '\\0' : `\\${c}`))}'`;
}
