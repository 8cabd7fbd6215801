import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { type RunOptions, Transactions } from '../../../platform/database/transactions/transactions.js';
import type { Actor } from './actor.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { KeyCache } from '../authentication/key-cache.js';
import { refuseLockOut, refuseReachBeyondClients } from './key-safeguards.js';
import { type MadeKey, isPrefix, makeKey } from '../authentication/key-secret.js';
import { type KeyChanges, type KeyFields, type StoredKey, fieldsOf, isLive } from './stored-key.js';

/** A new key. `key` exists only here: it is shown once and not stored. */
export interface NewKey {
  readonly key: string;
  readonly stored: Omit<StoredKey, 'id'>;
}

export interface Rotation {
  /** Milliseconds for which both keys are valid; 0 = the old key is revoked at once. */
  readonly overlapMs: number;
  /** The new key, made before the change so that its prefix can be recorded. */
  readonly made: MadeKey;
  /** The old key as `peek` returned it; the recorded values are those of the new key only if it was not changed since. */
  readonly expected: StoredKey | undefined;
}

/** Setting or revoking a key twice is the same as once. Creating one is not: its caller may have no answer to either. */
const SAME_TWICE: RunOptions = { mayRepeat: true };

type BoundKeys = ReturnType<ApiKeysRepository['within']>;

/** Creates, changes, rotates and revokes keys. Its arguments are validated: see `dto/` and `key-fields.ts`. */
@Injectable()
export class KeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly transactions: Transactions,
    private readonly cache: KeyCache,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `invalid-body` when a key limited to clients has a scope that cannot be limited */
  async create(fields: KeyFields, actor: Pick<Actor, 'name'>, made = makeKey()): Promise<NewKey> {
    refuseReachBeyondClients(fields);
    return this.change(async (keys, now) => add(keys, fields, { made, now, by: actor.name, replaces: null }));
  }

  /** A page of the keys, ordered by creation. @param afterId id of the last key before the page; 0 = from the first key */
  page(afterId: number, limit: number): Promise<StoredKey[]> {
    return this.keys.page(afterId, limit);
  }

  /** @throws ProblemError `not-found` */
  async find(prefix: string): Promise<StoredKey> {
    return (await this.peek(prefix)) ?? noSuchKey();
  }

  async peek(prefix: string): Promise<StoredKey | undefined> {
    return isPrefix(prefix) ? this.keys.byPrefix(prefix) : undefined;
  }

  /** @throws ProblemError `not-found`; `conflict` when the key is revoked, or the change would lock the actor out */
  async update(prefix: string, changes: KeyChanges, actor: Actor): Promise<StoredKey> {
    return this.change(async (keys, now) => {
      const before = await present(keys, prefix);
      refuseReachBeyondClients({ ...before, ...changes });
      await keys.change(before.id, changes);
      await refuseLockOut(keys, before, actor, now);
      return { ...before, ...changes };
    }, SAME_TWICE);
  }

  /**
   * Creates a key with the fields of an old one. The old key expires after the overlap, or at its own expiry if that is
   * earlier.
   *
   * @throws ProblemError `not-found`; `conflict` when the old key is revoked, expired or no longer as expected
   */
  async rotate(prefix: string, rotation: Rotation, actor: Pick<Actor, 'name'>): Promise<NewKey> {
    const { overlapMs, made, expected } = rotation;
    return this.change(async (keys, now) => {
      const old = await present(keys, prefix);
      if (!isLive(old, now)) throw new ProblemError('conflict', 'The key has expired: make a new one.');
      if (!expected || !isDeepStrictEqual(fieldsOf(old), fieldsOf(expected)))
        throw new ProblemError('conflict', 'The key was changed at the same time; try again.');
      const end = toInstantText(this.clock.nowMs() + overlapMs);
      if (overlapMs === 0) await keys.revoke(old.id, now);
      else if (old.expiresAt === null || old.expiresAt > end) await keys.change(old.id, { expiresAt: end });
      return add(keys, old, { made, now, by: actor.name, replaces: prefix });
    });
  }

  /** Revoking a key again has no effect. @throws ProblemError `not-found`; `conflict` for the last admin key over HTTP */
  async revoke(prefix: string, actor: Actor): Promise<StoredKey> {
    return this.change(async (keys, now) => {
      const before = await known(keys, prefix);
      if (before.revokedAt !== null) return before;
      await keys.revoke(before.id, now);
      await refuseLockOut(keys, before, actor, now);
      return { ...before, revokedAt: now };
    }, SAME_TWICE);
  }

  /** Runs a change of keys in one transaction, and invalidates the cache of this process when it is committed. */
  private async change<T>(work: (keys: BoundKeys, now: string) => Promise<T>, options?: RunOptions): Promise<T> {
    const now = toInstantText(this.clock.nowMs());
    const result = await this.transactions.run(async (tx) => {
      const keys = this.keys.within(tx);
      await keys.countChange();
      return work(keys, now);
    }, options);
    this.cache.invalidate();
    return result;
  }
}

async function add(
  keys: BoundKeys,
  { name, scopes, expiresAt, cidrs, clientGuids }: KeyFields,
  { made, now, by, replaces }: { made: MadeKey; now: string; by: string; replaces: string | null },
): Promise<NewKey> {
  const { key, prefix, secretHash } = made;
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

function noSuchKey(): never {
  throw new ProblemError('not-found', 'There is no key with this prefix.');
}
