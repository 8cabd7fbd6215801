import { LRUCache } from 'lru-cache';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import type { DirectoryService } from '../directory/directory.service.js';
import type { ClientReference, UserReference } from '../directory/port/references.js';

const MAX_CLIENTS = 20_000;

/** Names of the clients and users of one answer, read on its snapshot. */
export class Names {
  private readonly clientCache = new LRUCache<number, ClientReference>({ max: MAX_CLIENTS });

  constructor(
    private readonly directory: DirectoryService,
    private readonly snapshot: Snapshot,
  ) {}

  /** By id. @throws Error when a client does not exist */
  async clients(ids: Iterable<number>): Promise<ReadonlyMap<number, ClientReference>> {
    const found = new Map<number, ClientReference>();
    const missing = new Set<number>();
    for (const id of ids) {
      const client = this.clientCache.get(id);
      if (client === undefined) missing.add(id);
      else found.set(id, client);
    }
    if (missing.size === 0) return found;
    for (const [id, { guid, name }] of await this.directory.clients(missing, this.snapshot)) {
      found.set(id, { guid, name });
      this.clientCache.set(id, { guid, name });
    }
    return found;
  }

  /** By id. @throws Error when a user does not exist */
  async users(ids: Iterable<number>): Promise<ReadonlyMap<number, UserReference>> {
    const users = await this.directory.users(ids, this.snapshot);
    return new Map([...users].map(([id, { name, domain }]) => [id, { id, name, domain }]));
  }
}
