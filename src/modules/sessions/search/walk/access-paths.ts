import { fromInstantText } from '../../../../platform/time/instant.js';
import type { Position } from '../../windows/session-row.js';
import type { AccessPath } from './search.repository.js';
import type { SearchSelection } from '../search-selection.service.js';

/** The index in whose order sessions are read next, and how far. */
export interface PathChoice {
  readonly path: AccessPath;
  /** Null = to the end. */
  readonly upTo: Position | null;
}

/** Reading through the index on the login stops early if it finds a session in this many entries. */
const WORTHWHILE_ENTRIES = 10;

/** The index that contains exactly the sessions of the selection in order, so no limit is needed; undefined if there is none. */
export function exactPath(selection: SearchSelection): AccessPath | undefined {
  const { clientIds, userIds } = selection;
  if (hasConditionsBeyondIds(selection)) return undefined;
  if (clientIds === null && userIds === null) return 'login';
  if (clientIds?.length === 1 && userIds === null) return 'client';
  return userIds?.length === 1 && clientIds === null ? 'user' : undefined;
}

/** The indexes that can be used for a selection. */
export function possiblePaths({ clientIds, userIds }: SearchSelection): AccessPath[] {
  return ['login', ...(clientIds === null ? [] : ['client' as const]), ...(userIds === null ? [] : ['user' as const])];
}

/**
 * The index that reaches furthest with the same number of entries. All choices have the same order, so only speed depends on
 * it. The index on the login is preferred when it is not much worse, as it delivers the order without sorting.
 */
export function furthest(choices: readonly PathChoice[], from: Position): PathChoice {
  const reach = ({ upTo }: PathChoice) =>
    upTo === null ? Infinity : 1 + Math.abs(fromInstantText(upTo.login) - fromInstantText(from.login));
  const best = choices.reduce((a, b) => (reach(b) > reach(a) ? b : a));
  const byLogin = choices.find(({ path }) => path === 'login');
  return byLogin && reach(byLogin) * WORTHWHILE_ENTRIES >= reach(best) ? byLogin : best;
}

export function hasConditionsBeyondIds({ filter }: SearchSelection): boolean {
  const { states, logonTypes, remoteAddress, minDurationMs, maxDurationMs } = filter;
  return [states, logonTypes, remoteAddress, minDurationMs, maxDurationMs].some((value) => value !== undefined);
}
