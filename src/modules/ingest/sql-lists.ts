/** Parts of statements that name many rows; sized so that no engine's limit on a statement is near. */

const MAX_VALUES = 1000;

export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
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
  [first, second]: readonly [string, string],
  pairs: readonly (readonly [A, string])[],
  maxGroups: number,
): Generator<[string, unknown[]]> {
  const groups = new Map<A, Set<string>>();
  for (const [a, b] of pairs) {
    const group = groups.get(a);
    if (group) group.add(b);
    else groups.set(a, new Set([b]));
  }
  const parts = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  let where: string[] = [];
  let params: unknown[] = [];
  for (const [a, set] of parts) {
    for (const values of chunks([...set].sort(), MAX_VALUES)) {
      if (where.length === maxGroups || params.length + values.length > 2 * MAX_VALUES) {
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
