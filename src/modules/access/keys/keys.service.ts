import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/time/clock.js';
import { BEYOND_CLIENTS } from '../../../platform/http/access.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { invalidBody } from '../../../platform/http/validation/strict-body.js';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import type { Actor } from './actor.js';
import { AddressList } from '../address-list.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { KeyRing } from './key-ring.js';
import { isPrefix, makeKey } from './key-secret.js';
import { type KeyChanges, type KeyFields, type StoredKey, isLive } from './stored-key.js';

/** The key itself is in here and nowhere else: it is shown once. */
export interface NewKey {
  readonly key: string;
  readonly stored: Omit<StoredKey, 'id'>;
}

type BoundKeys = ReturnType<ApiKeysRepository['within']>;

/** Makes, changes and ends keys. What it is given was checked already: see `dto/` and `key-limits.ts`. */
@Injectable()
export class KeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly transactions: Transactions,
    private readonly ring: KeyRing,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `invalid-body` when the scopes reach beyond the clients it is to be limited to */
  async create(fields: KeyFields, actor: Pick<Actor, 'name'>): Promise<NewKey> {
    refuseReachBeyondClients(fields);
    return this.change(async (keys, now) => add(keys, fields, { now, by: actor.name, replaces: null }));
  }

  /** In the order in which they were made, after the key with this id; 0 = from the first. */
  page(afterId: number, limit: number): Promise<StoredKey[]> {
    return this.keys.page(afterId, limit);
  }

  /** @throws ProblemError `not-found` */
  async find(prefix: string): Promise<StoredKey> {
    return (isPrefix(prefix) ? await this.keys.byPrefix(prefix) : undefined) ?? noSuchKey();
  }

  /** @throws ProblemError `not-found`; `conflict` when the key is revoked or the change would lock the actor out */
  async update(prefix: string, changes: KeyChanges, actor: Actor): Promise<StoredKey> {
    return this.change(async (keys, now) => {
      const before = await present(keys, prefix);
      refuseReachBeyondClients({ ...before, ...changes });
      await keys.change(before.id, changes);
      await refuseLockOut(keys, before, actor, now);
      return { ...before, ...changes };
    });
  }

  /**
   * A new key like the old one, which ends after the overlap, or earlier if it was to expire earlier anyway.
   *
   * @param overlapMs milliseconds for which both are valid; 0 = the old one ends at once
   * @throws ProblemError `not-found`; `conflict` when the old key is revoked or expired
   */
  async rotate(prefix: string, overlapMs: number, actor: Pick<Actor, 'name'>): Promise<NewKey> {
    return this.change(async (keys, now) => {
      const old = await present(keys, prefix);
      if (!isLive(old, now)) throw new ProblemError('conflict', 'The key has expired: make a new one.');
      const end = toInstantText(this.clock.nowMs() + overlapMs);
      if (overlapMs === 0) await keys.revoke(old.id, now);
      else if (old.expiresAt === null || old.expiresAt > end) await keys.change(old.id, { expiresAt: end });
      return add(keys, old, { now, by: actor.name, replaces: prefix });
    });
  }

  /** Doing it again changes nothing. @throws ProblemError `not-found`; `conflict` for the last admin key over HTTP */
  async revoke(prefix: string, actor: Actor): Promise<StoredKey> {
    return this.change(async (keys, now) => {
      const before = await known(keys, prefix);
      if (before.revokedAt !== null) return before;
      await keys.revoke(before.id, now);
      await refuseLockOut(keys, before, actor, now);
      return { ...before, revokedAt: now };
    });
  }

  /** Runs a change of keys, which counts as one, and lets go of what the ring holds when it is durable. */
  private async change<T>(work: (keys: BoundKeys, now: string) => Promise<T>): Promise<T> {
    const now = toInstantText(this.clock.nowMs());
    const result = await this.transactions.run(async (tx) => {
      const keys = this.keys.within(tx);
      await keys.countChange();
      return work(keys, now);
    });
    this.ring.forget();
    return result;
  }
}

/** With `admin` it could make itself a key without limits; the audit log tells of all clients. */
function refuseReachBeyondClients({ scopes, clientGuids }: Pick<KeyFields, 'scopes' | 'clientGuids'>): void {
  const wide = scopes.filter((scope) => BEYOND_CLIENTS.has(scope));
  if (clientGuids === null || wide.length === 0) return;
  throw invalidBody([{ parameter: 'clientGuids', detail: `cannot limit a key with the scope ${wide.join(', ')}` }]);
}

async function add(
  keys: BoundKeys,
  { name, scopes, expiresAt, cidrs, clientGuids }: KeyFields,
  { now, by, replaces }: { now: string; by: string; replaces: string | null },
): Promise<NewKey> {
  const { key, prefix, secretHash } = makeKey();
  const origin = { prefix, secretHash, createdAt: now, createdBy: by, replaces };
  const fields = { name, scopes: [...new Set(scopes)], expiresAt, cidrs, clientGuids };
  const stored = { ...origin, ...fields, revokedAt: null, lastUsedAt: null };
  await keys.add(stored);
  return { key, stored };
}

async function known(keys: BoundKeys, prefix: string): Promise<StoredKey> {
  return (isPrefix(prefix) ? await keys.byPrefix(prefix) : undefined) ?? noSuchKey();
}

async function present(keys: BoundKeys, prefix: string): Promise<StoredKey> {
  const key = await known(keys, prefix);
  if (key.revokedAt !== null) throw new ProblemError('conflict', 'The key is revoked, which cannot be taken back.');
  return key;
}

/** Runs after the change, inside its transaction: what is refused here is undone. */
async function refuseLockOut(keys: BoundKeys, before: StoredKey, actor: Actor, now: string): Promise<void> {
  if (actor.mayLockOut) return;
  if (before.scopes.includes('admin') && isLive(before, now) && !(await keys.anyLiveWith('admin', now)))
    throw new ProblemError('conflict', 'This is the last key with the scope admin; only the command line can end it.');
  if (before.prefix !== actor.name) return;
  const after = await keys.byPrefix(before.prefix);
  if (after?.cidrs && !new AddressList(after.cidrs).holds(actor.address))
    throw new ProblemError(
      'conflict',
      'The key of this call could not be used from the address of this call any more.',
    );
}

function noSuchKey(): never {
  throw new ProblemError('not-found', 'There is no key with this prefix.');
}
