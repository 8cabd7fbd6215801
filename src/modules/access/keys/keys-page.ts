import { type ParameterFault } from '../../../platform/http/problems/problem.js';
import { invalidParameters } from '../../../platform/http/validation/query-string.js';

export const PAGE_PARAMETERS = ['limit', 'cursor'] as const;
export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 500;

/** A part of the list of keys. */
export interface KeysPage {
  /** Id of the last key of the page before; 0 = from the first. */
  readonly afterId: number;
  readonly limit: number;
}

/** @throws ProblemError `invalid-parameter` that names every fault */
export function parsePage(query: ReadonlyMap<string, string>): KeysPage {
  const errors: ParameterFault[] = [];
  const limit = /^\d{1,4}$/.test(query.get('limit') ?? String(DEFAULT_LIMIT))
    ? Number(query.get('limit') ?? DEFAULT_LIMIT)
    : 0;
  if (limit < 1 || limit > MAX_LIMIT) errors.push({ parameter: 'limit', detail: `must be 1 to ${MAX_LIMIT}` });
  const afterId = idOf(query.get('cursor'));
  if (afterId === undefined) errors.push({ parameter: 'cursor', detail: 'is not one that an answer gave' });
  if (errors.length > 0) throw invalidParameters(errors);
  return { afterId: afterId!, limit };
}

/** Opaque to callers, so that what is in it may change. */
export function cursorOf(id: number): string {
  return Buffer.from(`key ${id}`).toString('base64url');
}

function idOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return 0;
  const match = /^key (\d{1,10})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match && cursorOf(Number(match[1])) === cursor ? Number(match[1]) : undefined;
}
