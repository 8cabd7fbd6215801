/**
 * What happened to a session (docs/contract.md, section 7). The database stores the position in this list, from 1; the list
 * may only grow at its end.
 */
export const CHANGE_KINDS = ['created', 'updated', 'ended', 'reopened', 'lost', 'deleted', 'erased'] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

export function changeKindCode(kind: ChangeKind): number {
  return CHANGE_KINDS.indexOf(kind) + 1;
}

/** @throws RangeError for a number that is no code */
export function changeKindOf(code: number): ChangeKind {
  const kind = CHANGE_KINDS[code - 1];
  if (kind === undefined) throw new RangeError(`${code} is not the code of a kind of change.`);
  return kind;
}
