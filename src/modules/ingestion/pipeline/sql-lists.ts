/** Parts of statements that name many rows; sized so that no engine's limit on a statement is near. */

const MAX_VALUES = 1000;

/** How an engine writes them. */
export interface ListStyle {
  readonly maxGroups: number;
  literal(value: string | number): string;
}

export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** `'a', 'b'`: the values as literals. */
export function listOf(values: readonly (string | number)[], { literal }: Pick<ListStyle, 'literal'>): string {
  return values.map(literal).join(', ');
}

/**
 * Conditions that together name all pairs, each once, in order of the pairs. Written as `(a = 1 AND b IN (…)) OR …`: not
 * every engine looks up `(a, b) IN (…)` through an index, and they spell it differently.
 */
export function* byKey<A extends string | number>(
  [first, second]: readonly [string, string],
  pairs: readonly (readonly [A, string])[],
  style: ListStyle,
): Generator<string> {
  const groups = new Map<A, Set<string>>();
  for (const [a, b] of pairs) {
    const group = groups.get(a);
    if (group) group.add(b);
    else groups.set(a, new Set([b]));
  }
  const parts = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  let where: string[] = [];
  let count = 0;
  for (const [a, set] of parts) {
    for (const values of chunks([...set].sort(), MAX_VALUES)) {
      if (where.length === style.maxGroups || count + values.length > MAX_VALUES) {
        if (where.length > 0) yield where.join(' OR ');
        where = [];
        count = 0;
      }
      const condition = values.length === 1 ? `= ${style.literal(values[0]!)}` : `IN (${listOf(values, style)})`;
      where.push(`(${first} = ${style.literal(a)} AND ${second} ${condition})`);
      count += values.length;
    }
  }
  if (where.length > 0) yield where.join(' OR ');
}
