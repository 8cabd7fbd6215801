import { Inject, Injectable } from '@nestjs/common';
import { WriterReads } from '../../../platform/database/reads/writer-reads.js';
import type { Caller } from '../../../platform/http/caller.js';
import { Clock } from '../../../platform/time/clock.js';
import { fromInstantText, toInstantText } from '../../../platform/time/instant.js';
import { AddressList } from '../../../platform/net/address-list.js';
import { ApiKeysRepository } from '../keys/api-keys.repository.js';
import type { StoredKey } from '../keys/stored-key.js';

/** Every process must apply a change within a second (docs/contract.md, section 3); this is half of that time. */
const CHECK_EVERY_MS = 500;

/** A key as it is needed to authenticate a call. */
export interface CachedKey {
  readonly id: number;
  readonly secretHash: string;
  readonly lastUsedMs: number;
  /** Networks that the key may be used from; null = from anywhere. */
  readonly addresses: AddressList | null;
  readonly caller: Caller;
}

/**
 * All live keys, in memory. No request looks its key up in the database, so an unknown prefix costs no query, and timing does
 * not reveal whether a prefix exists. At most twice a second a request reads the number of changes from the database, and
 * concurrent requests wait for it. The keys are read again only if the number has changed. If it cannot be read, every key is
 * refused.
 */
@Injectable()
export class KeyCache {
  private keys: ReadonlyMap<string, CachedKey> = new Map();
  private changes = -1;
  /** The number of changes at which the keys were read from each connection to the database. */
  private readonly read = new WeakMap<object, number>();
  /** `performance.now()` before the last successful check began. */
  private checkedAt = -Infinity;
  private checking: Promise<void> | null = null;
  private invalidations = 0;

  constructor(
    private readonly repository: ApiKeysRepository,
    @Inject(WriterReads) private readonly writer: WriterReads,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Reads the keys ahead of the first request. That request still checks for changes, as a key may be new. */
  async preload(): Promise<void> {
    await this.check();
    this.checkedAt = -Infinity;
  }

  async find(prefix: string): Promise<CachedKey | undefined> {
    if (performance.now() - this.checkedAt >= CHECK_EVERY_MS) {
      let before: number;
      do {
        before = this.invalidations;
        await (this.checking ??= this.check());
      } while (before !== this.invalidations);
    }
    return this.keys.get(prefix);
  }

  /** Makes the next request check for changes. The result of a check that is under way is discarded. */
  invalidate(): void {
    this.invalidations++;
    this.checkedAt = -Infinity;
    this.checking = null;
  }

  private async check(): Promise<void> {
    const at = performance.now();
    const before = this.invalidations;
    try {
      const now = toInstantText(this.clock.nowMs());
      const found = await this.writer.run(async (manager, connection) => {
        // Another server may have the same number of changes and other keys: after a failover that lost transactions.
        const known = this.read.get(connection) === this.changes ? this.changes : -1;
        const keys = await this.repository.changedSince(known, now, manager);
        this.read.set(connection, keys?.changes ?? known);
        return keys;
      });
      if (before !== this.invalidations) return;
      if (found) {
        this.keys = new Map(found.keys.map((key) => [key.prefix, toCached(key)]));
        this.changes = found.changes;
      }
      this.checkedAt = at;
    } finally {
      if (before === this.invalidations) this.checking = null;
    }
  }
}

function toCached(key: StoredKey): CachedKey {
  const { id, prefix, name, secretHash, scopes, expiresAt, lastUsedAt, cidrs, clientGuids } = key;
  const expiresMs = expiresAt === null ? null : fromInstantText(expiresAt);
  return {
    ...{ id, secretHash, lastUsedMs: lastUsedAt === null ? -Infinity : fromInstantText(lastUsedAt) },
    addresses: cidrs === null ? null : new AddressList(cidrs),
    caller: { prefix, name, scopes: new Set(scopes), rowScope: clientGuids, expiresMs },
  };
}
