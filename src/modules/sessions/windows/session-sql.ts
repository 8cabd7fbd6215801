/** A part of a statement and the values of its parameters, in order. */
export interface Fragment {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/**
 * The effective end of a session of the table `s`. A lost session whose row has no estimated end yet is recognised here; see
 * `lifecycle/lost-sessions.service.ts`.
 */
export function effectiveEnd(
  columns: { readonly endedAt: string; readonly lastSeenAt: string },
  lostBefore: string | null,
): Fragment {
  const [ended, lastSeen] = [`s.${columns.endedAt}`, `s.${columns.lastSeenAt}`];
  if (lostBefore === null) return { sql: ended, params: [] };
  return {
    sql: `CASE WHEN ${ended} IS NULL AND ${lastSeen} < ? THEN ${lastSeen} ELSE ${ended} END`,
    params: [lostBefore],
  };
}

/**
 * A list for `IN (…)`. Numbers are written into the statement: binding hundreds of them costs time, and an integer cannot
 * change the meaning of a statement. SQL has no empty list, and no id is 0, so an empty list becomes `0`.
 */
export function integers(values: readonly number[]): string {
  for (const value of values) if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an integer.`);
  return values.length === 0 ? '0' : values.join(', ');
}
