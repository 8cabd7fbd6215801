import type { Position } from '../../windows/session-row.js';
import type { Fragment } from '../../windows/session-sql.js';
import type { Order } from '../../../../platform/http/paging/list-parameters.js';

export const NOTHING: Fragment = { sql: '', params: [] };

/** Conditions, each beginning with AND. */
export function all(...fragments: readonly Fragment[]): Fragment {
  return { sql: fragments.map(({ sql }) => sql).join(''), params: fragments.flatMap(({ params }) => params) };
}

/** Part of an index in the order of (login, id). */
export interface Range {
  /** Begins after this position. */
  readonly after: Position;
  /** Ends with this position; null = at the bound of the window. */
  readonly upTo: Position | null;
  /** A condition on the login that holds in the whole window. */
  readonly bound: { readonly login: string; readonly inclusive: boolean } | null;
}

/**
 * The condition of a range. Neither engine reads `(login, id) > (?, ?)` as a range; `login >= ? AND (login > ? OR id > ?)` is
 * one.
 */
export function rangeCondition(login: string, id: string, range: Range, order: Order): Fragment {
  const [next, previous] = order === 'asc' ? ['>', '<'] : ['<', '>'];
  const parts = [
    {
      sql: ` AND ${login} ${next}= ? AND (${login} ${next} ? OR ${id} ${next} ?)`,
      params: [range.after.login, range.after.login, range.after.id],
    },
  ];
  const { upTo, bound } = range;
  if (upTo)
    parts.push({
      sql: ` AND ${login} ${previous}= ? AND (${login} ${previous} ? OR ${id} ${previous}= ?)`,
      params: [upTo.login, upTo.login, upTo.id],
    });
  else if (bound)
    parts.push({ sql: ` AND ${login} ${previous}${bound.inclusive ? '=' : ''} ?`, params: [bound.login] });
  return all(...parts);
}

/** Compares positions in the order of a list: negative when `a` comes first. */
export function comparePositions(a: Position, b: Position, order: Order): number {
  const ascending = a.login < b.login ? -1 : a.login > b.login ? 1 : a.id - b.id;
  return order === 'asc' ? ascending : -ascending;
}
