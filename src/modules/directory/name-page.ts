/** A page in the order of (name, id), both ascending or both descending. */
export interface NamePage {
  readonly order: 'asc' | 'desc';
  /** Null = from the first one. */
  readonly after: { readonly name: string; readonly id: number } | null;
  readonly limit: number;
  /** Rows to leave out before the page; 0 by default. The database reads them, too. */
  readonly offset?: number;
}

/** The end of a statement that reads one table: a range on the index by name, which contains the id. */
export function namePage(
  { order, after, limit, offset = 0 }: NamePage,
  name: string,
  id: string,
): { readonly sql: string; readonly params: readonly unknown[] } {
  const [beyond, direction] = order === 'asc' ? ['>', 'ASC'] : ['<', 'DESC'];
  // Neither engine reads `(name, id) > (?, ?)` as a range; this form is one.
  const range = after ? ` WHERE ${name} ${beyond}= ? AND (${name} ${beyond} ? OR ${id} ${beyond} ?)` : '';
  return {
    sql: `${range} ORDER BY ${name} ${direction}, ${id} ${direction} LIMIT ? OFFSET ?`,
    params: [...(after ? [after.name, after.name, after.id] : []), limit, offset],
  };
}
