import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { SCOPES, type Scope } from '../../common/access.js';
import type { Caller } from '../../common/caller.js';
import { Clock } from '../../common/clock.js';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { makeKey, parseKey, sameHash } from './key-secret.js';

/** Half of the second within which a revocation must be felt by every process. */
const CACHE_MS = 500;
const LAST_USED_EVERY_MS = 60_000;
/** Compared against when no key has the prefix, so that an unknown key costs what a wrong one costs. */
const NO_HASH = '0'.repeat(64);

@Injectable()
export class AuthService {
  private readonly logger = new Logger(AuthService.name);
  private readonly cache = new LRUCache<string, Promise<ApiKey | null>>({ max: 10_000, ttl: CACHE_MS });

  constructor(
    private readonly keys: ApiKeysRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The caller behind a key; undefined when it is malformed, unknown, wrong, expired or revoked. */
  async authenticate(text: string): Promise<Caller | undefined> {
    const { prefix, secretHash } = parseKey(text);
    const key = await this.find(prefix);
    const matches = sameHash(key?.secretHash ?? NO_HASH, secretHash);
    if (!key || !matches || key.revokedAt) return undefined;
    const now = this.clock.nowMs();
    if (key.expiresAt && key.expiresAt.getTime() <= now) return undefined;
    this.noteUse(key, now);
    return { prefix, name: key.name, scopes: new Set(key.scopes.split(' ') as Scope[]), rowScope: null };
  }

  /** @returns the key itself, which is not kept anywhere */
  async create(name: string, scopes: readonly string[], expiresAt: Date | null): Promise<string> {
    const unknown = scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope));
    if (unknown.length > 0) throw new Error(`unknown scope ${unknown.join(', ')}; there are: ${SCOPES.join(', ')}`);
    if (scopes.length === 0) throw new Error('a key needs at least one scope');
    if (name.length === 0 || name.length > 128) throw new Error('the name of a key has 1 to 128 characters');
    const { key, prefix, secretHash } = makeKey();
    const rest = { createdAt: new Date(this.clock.nowMs()), expiresAt, revokedAt: null, lastUsedAt: null };
    await this.keys.add({ prefix, secretHash, name, scopes: [...new Set(scopes)].join(' '), ...rest });
    return key;
  }

  list(): Promise<ApiKey[]> {
    return this.keys.all();
  }

  revoke(prefix: string): Promise<boolean> {
    return this.keys.revoke(prefix, new Date(this.clock.nowMs()));
  }

  /** The age of an entry counts from before its query, so an answer is never older than `CACHE_MS`. */
  private find(prefix: string): Promise<ApiKey | null> {
    const cached = this.cache.get(prefix);
    if (cached) return cached;
    const found = this.keys.byPrefix(prefix);
    this.cache.set(prefix, found);
    found.catch(() => this.cache.delete(prefix));
    return found;
  }

  private noteUse(key: ApiKey, now: number): void {
    if (key.lastUsedAt && now - key.lastUsedAt.getTime() < LAST_USED_EVERY_MS) return;
    key.lastUsedAt = new Date(now);
    this.keys
      .touch(key.id, key.lastUsedAt)
      .catch((error: Error) => this.logger.warn(`last use not noted: ${error.message}`));
  }
}
