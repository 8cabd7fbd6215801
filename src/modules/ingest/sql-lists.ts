/** Parts of statements that name many rows; sized so that no engine's limit on a statement is near. */

const MAX_ROWS = 500;
const MAX_STATEMENT_BYTES = 400_000;
/** SQLite allows a tree of 1,000 levels, and each OR is one. */
const MAX_GROUPS = 100;

export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** Chunks that also end when their rows reach a size in bytes. */
export function* rowChunks<T>(items: readonly T[], sizeOf: (item: T) => number): Generator<T[]> {
  let part: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (part.length > 0 && (part.length === MAX_ROWS || bytes + size > MAX_STATEMENT_BYTES)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(item);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** `?, ?, ?`, one for each item. */
export function placeholders(items: readonly unknown[]): string {
  return items.map(() => '?').join(', ');
}

/**
 * Conditions that together name all pairs, each once, in order of the pairs. Written as `(a = ? AND b IN (…)) OR …`: not
 * every engine looks up `(a, b) IN (…)` through an index, and they spell it differently.
 */
export function* byKey<A extends string | number>(
  first: string,
  second: string,
  pairs: readonly (readonly [A, string])[],
): Generator<[string, unknown[]]> {
  const groups = new Map<A, Set<string>>();
  for (const [a, b] of pairs) groups.set(a, (groups.get(a) ?? new Set()).add(b));
  const parts = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  let where: string[] = [];
  let params: unknown[] = [];
  for (const [a, set] of parts) {
    for (const values of chunks([...set].sort(), MAX_ROWS)) {
      if (where.length === MAX_GROUPS || params.length + values.length > 2 * MAX_ROWS) {
        yield [where.join(' OR '), params];
        where = [];
        params = [];
      }
      where.push(`(${first} = ? AND ${second} IN (${placeholders(values)}))`);
      params.push(a, ...values);
    }
  }
  if (where.length > 0) yield [where.join(' OR '), params];
}
