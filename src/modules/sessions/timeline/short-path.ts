import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { MAX_INSTANT } from '../domain/time-window.js';
import type { SearchSelection } from '../search/search-selection.service.js';
import { furthest, possiblePaths } from '../search/walk/access-paths.js';
import type { AccessPath, SearchRepository } from '../search/walk/search.repository.js';

/** The index with at most about `entries` entries in the window of the selection; null if each has more. */
export async function shortPath(
  search: SearchRepository,
  selection: SearchSelection,
  snapshot: Snapshot,
  entries: number,
): Promise<AccessPath | null> {
  const { start, end } = selection.filter.window;
  const after = { login: start!, id: 0 };
  const bound = { login: end ?? MAX_INSTANT, inclusive: start === end };
  const choices = [];
  for (const path of possiblePaths(selection)) {
    const range = { path, order: 'asc', after, upTo: null, bound } as const;
    choices.push({ path, upTo: await search.positionAfter(snapshot, range, selection, entries) });
  }
  const { path, upTo } = furthest(choices, after);
  return upTo === null ? path : null;
}
