import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../../platform/http/caller.js';
import { Clock } from '../../../platform/time/clock.js';
import { fromInstantText, toInstantText } from '../../../platform/time/instant.js';
import { AddressList } from '../address-list.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import type { StoredKey } from './stored-key.js';

/** Half of the second within which a change must be felt by every process. */
const CHECK_EVERY_MS = 500;

/** A key ready to be compared with what a caller sends. */
export interface HeldKey {
  readonly id: number;
  readonly secretHash: string;
  readonly lastUsedMs: number;
  /** Null = from anywhere. */
  readonly addresses: AddressList | null;
  readonly caller: Caller;
}

/**
 * Every live key, in memory: a request looks none up in the database, so neither a known nor an invented prefix costs a
 * query, or tells itself by its time. At most twice a second one request asks the database for the number of changes, and
 * all that came meanwhile wait for it; the keys are read again only when it differs. Where it cannot be asked, nobody is
 * let in.
 */
@Injectable()
export class KeyRing {
  private keys: ReadonlyMap<string, HeldKey> = new Map();
  private changes = -1;
  /** Of the clock of the process, from before the question was asked. */
  private checkedAt = -Infinity;
  private checking: Promise<void> | null = null;
  private forgotten = 0;

  constructor(
    private readonly repository: ApiKeysRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async find(prefix: string): Promise<HeldKey | undefined> {
    if (performance.now() - this.checkedAt >= CHECK_EVERY_MS) {
      let before: number;
      do {
        before = this.forgotten;
        await (this.checking ??= this.check());
      } while (before !== this.forgotten);
    }
    return this.keys.get(prefix);
  }

  /** What this process changes itself, it feels at once: no answer to an older question counts. */
  forget(): void {
    this.forgotten++;
    this.checkedAt = -Infinity;
    this.checking = null;
  }

  private async check(): Promise<void> {
    const at = performance.now();
    const before = this.forgotten;
    try {
      const found = await this.repository.changedSince(this.changes, toInstantText(this.clock.nowMs()));
      if (before !== this.forgotten) return;
      if (found) {
        this.keys = new Map(found.keys.map((key) => [key.prefix, held(key)]));
        this.changes = found.changes;
      }
      this.checkedAt = at;
    } finally {
      if (before === this.forgotten) this.checking = null;
    }
  }
}

function held(key: StoredKey): HeldKey {
  const { id, prefix, name, secretHash, scopes, expiresAt, lastUsedAt, cidrs, clientGuids } = key;
  const expiresMs = expiresAt === null ? null : fromInstantText(expiresAt);
  return {
    ...{ id, secretHash, lastUsedMs: lastUsedAt === null ? -Infinity : fromInstantText(lastUsedAt) },
    addresses: cidrs === null ? null : new AddressList(cidrs),
    caller: { prefix, name, scopes: new Set(scopes), rowScope: clientGuids, expiresMs },
  };
}
