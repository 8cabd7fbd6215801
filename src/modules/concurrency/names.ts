import { LRUCache } from 'lru-cache';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import type { DirectoryService } from '../directory/directory.service.js';
import type { ClientReference, UserReference } from '../directory/port/references.js';

const MAX_NAMES = 20_000;

/** Names of the clients and users of one answer, read on its snapshot. */
export class Names {
  private readonly clientCache = new LRUCache<number, ClientReference>({ max: MAX_NAMES });
  private readonly userCache = new LRUCache<number, UserReference>({ max: MAX_NAMES });

  constructor(
    private readonly directory: DirectoryService,
    private readonly snapshot: Snapshot,
  ) {}

  /** By id. @throws Error when a client does not exist */
  clients(ids: Iterable<number>): Promise<ReadonlyMap<number, ClientReference>> {
    return cached(this.clientCache, ids, async (missing) =>
      [...(await this.directory.clients(missing, this.snapshot)).values()].map(({ id, guid, name }) => [
        id,
        { guid, name },
      ]),
    );
  }

  /** By id. @throws Error when a user does not exist */
  users(ids: Iterable<number>): Promise<ReadonlyMap<number, UserReference>> {
    return cached(this.userCache, ids, async (missing) =>
      [...(await this.directory.users(missing, this.snapshot)).values()].map(({ id, name, domain }) => [
        id,
        { id, name, domain },
      ]),
    );
  }
}

async function cached<Reference extends object>(
  cache: LRUCache<number, Reference>,
  ids: Iterable<number>,
  read: (missing: readonly number[]) => Promise<[id: number, reference: Reference][]>,
): Promise<ReadonlyMap<number, Reference>> {
  const found = new Map<number, Reference>();
  const missing = new Set<number>();
  for (const id of ids) {
    const reference = cache.get(id);
    if (reference === undefined) missing.add(id);
    else found.set(id, reference);
  }
  if (missing.size === 0) return found;
  for (const [id, reference] of await read([...missing])) {
    found.set(id, reference);
    cache.set(id, reference);
  }
  return found;
}
