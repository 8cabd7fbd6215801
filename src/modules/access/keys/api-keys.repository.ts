import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository, type SelectQueryBuilder } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import type { Scope } from '../../../platform/http/scopes.js';
import { ApiKeyChange } from '../entities/api-key-change.entity.js';
import { ApiKey } from '../entities/api-key.entity.js';
import type { KeyChanges, StoredKey } from './stored-key.js';

/** Every key that may be accepted now or later, at one number of changes. */
export interface KeySet {
  readonly changes: number;
  readonly keys: readonly StoredKey[];
}

/** Reads keys; `within` gives what writes them. */
@Injectable()
export class ApiKeysRepository {
  constructor(@InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>) {}

  /**
   * All keys that are neither revoked nor expired; null when the number of changes still is `known`.
   *
   * @param manager of the connection to read on
   */
  async changedSince(known: number, now: string, manager = this.keys.manager): Promise<KeySet | null> {
    // The counter comes first. Keys that change between the two reads are newer than it, and are read again next time.
    const { changes } = await manager.findOneByOrFail(ApiKeyChange, { id: 1 });
    if (changes === known) return null;
    const rows = await live(manager.createQueryBuilder(ApiKey, 'k'), now).getMany();
    return { changes, keys: rows.map(toKey) };
  }

  async byPrefix(prefix: string): Promise<StoredKey | undefined> {
    return optional(await this.keys.findOneBy({ prefix }));
  }

  /** In the order of creation, after the key with this id. */
  async page(afterId: number, limit: number): Promise<StoredKey[]> {
    const page = this.keys.createQueryBuilder('k').where('k.id > :afterId', { afterId }).orderBy('k.id').limit(limit);
    return (await page.getMany()).map(toKey);
  }

  within({ manager }: Transaction): BoundKeys {
    return new BoundKeys(manager);
  }
}

/** Keys within one transaction. */
class BoundKeys {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Comes first in every change. The counter is locked until the end, so changes of keys happen one after another, and what
   * is read after this stays true.
   */
  async countChange(): Promise<void> {
    await this.manager.increment(ApiKeyChange, { id: 1 }, 'changes', 1);
  }

  async byPrefix(prefix: string): Promise<StoredKey | undefined> {
    return optional(await this.manager.findOneBy(ApiKey, { prefix }));
  }

  async add({ scopes, cidrs, clientGuids, ...fields }: Omit<StoredKey, 'id'>): Promise<void> {
    const row = { ...fields, scopes: scopes.join(' '), cidrs: joined(cidrs), clientGuids: joined(clientGuids) };
    await this.manager.createQueryBuilder().insert().into(ApiKey).values(row).updateEntity(false).execute();
  }

  async change(id: number, { name, expiresAt, cidrs, clientGuids }: KeyChanges): Promise<void> {
    const set: QueryDeepPartialEntity<ApiKey> = {};
    if (name !== undefined) set.name = name;
    if (expiresAt !== undefined) set.expiresAt = expiresAt;
    if (cidrs !== undefined) set.cidrs = joined(cidrs);
    if (clientGuids !== undefined) set.clientGuids = joined(clientGuids);
    if (Object.keys(set).length > 0) await this.manager.update(ApiKey, { id }, set);
  }

  async revoke(id: number, at: string): Promise<void> {
    await this.manager.update(ApiKey, { id }, { revokedAt: at });
  }

  /** Moves forward only, and not when another process noted a use within the minute. Does not count as a change. */
  async noteUse(id: number, at: string, unlessSince: string): Promise<void> {
    const update = this.manager.createQueryBuilder().update(ApiKey).set({ lastUsedAt: at });
    await update
      .where('id = :id AND (last_used_at IS NULL OR last_used_at < :unlessSince)', { id, unlessSince })
      .execute();
  }

  /** Whether a key with the scope `admin` works from everywhere and until it is revoked. */
  anyPermanentAdmin(): Promise<boolean> {
    const keys = this.manager.createQueryBuilder(ApiKey, 'k');
    keys.where('k.revokedAt IS NULL AND k.expiresAt IS NULL AND k.cidrs IS NULL AND k.clientGuids IS NULL');
    return keys.andWhere("CONCAT(' ', k.scopes, ' ') LIKE '% admin %'").getExists();
  }
}

function live(keys: SelectQueryBuilder<ApiKey>, now: string): SelectQueryBuilder<ApiKey> {
  return keys.where('k.revokedAt IS NULL AND (k.expiresAt IS NULL OR k.expiresAt > :now)', { now });
}

function optional(row: ApiKey | null): StoredKey | undefined {
  return row === null ? undefined : toKey(row);
}

function toKey({ scopes, cidrs, clientGuids, ...fields }: ApiKey): StoredKey {
  return {
    ...fields,
    scopes: scopes.split(' ') as Scope[],
    cidrs: cidrs?.split(' ') ?? null,
    clientGuids: clientGuids?.split(' ') ?? null,
  };
}

/** Neither networks nor guids contain a space. */
function joined(values: readonly string[] | null): string | null {
  return values === null ? null : values.join(' ');
}
