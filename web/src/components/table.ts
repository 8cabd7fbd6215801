export interface Column<T> {
  readonly id: string;
  readonly label: string;
  /** What is shown, and found. */
  readonly text: (row: T) => string;
  /** What the column is sorted by; without it, the column is not sorted. */
  readonly by?: (row: T) => string | number;
  readonly href?: (row: T) => string;
  readonly kind?: 'name' | 'number' | 'mono' | 'badge' | 'time' | 'long';
  /** Class of a badge. */
  readonly tone?: (row: T) => string;
}

export interface Sort {
  readonly id: string;
  readonly descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The rows that contain every word of `find`, in the order of a column. */
export function arranged<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sort: Sort | null,
  find: string,
): readonly T[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? rows : rows.filter((row) => contains(row, columns, words));
  const by = sort && columns.find(({ id }) => id === sort.id)?.by;
  if (!by) return found;
  const sign = sort.descending ? -1 : 1;
  return found
    .map((row) => ({ row, key: by(row) }))
    .sort((a, b) => sign * compare(a.key, b.key))
    .map(({ row }) => row);
}

function contains<T>(row: T, columns: readonly Column<T>[], words: readonly string[]): boolean {
  const text = columns
    .map((column) => column.text(row))
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}
