import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Caller } from '../../../platform/http/caller.js';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import { ApiKeysRepository } from '../keys/api-keys.repository.js';
import { type CachedKey, KeyCache } from './key-cache.js';
import { NO_HASH, parseKey, sameHash } from './key-secret.js';

const LAST_USED_EVERY_MS = 60_000;

/** Authenticates API keys. */
@Injectable()
export class KeyAuthService {
  private readonly logger = new Logger(KeyAuthService.name);
  /** Last use that this process recorded, in milliseconds since 1970, by id of the key. */
  private readonly recordedUse = new Map<number, number>();

  constructor(
    private readonly cache: KeyCache,
    private readonly keys: ApiKeysRepository,
    private readonly transactions: Transactions,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * The caller that a key belongs to; undefined when the key is malformed, unknown, wrong, expired, revoked, or used from an
   * address that its networks do not contain. All cases do the same work (one hash, one look-up in memory, one comparison),
   * so their timing does not reveal which one it was.
   *
   * @param address of the caller; that of a proxy only if the proxy is not trusted
   */
  async authenticate(text: string, address: string | undefined): Promise<Caller | undefined> {
    const { prefix, secretHash } = parseKey(text);
    const key = await this.cache.find(prefix);
    const matches = sameHash(key?.secretHash ?? NO_HASH, secretHash);
    return key && matches ? this.callerOf(key, address) : undefined;
  }

  /** The caller of a key that was authenticated earlier; undefined when the key is no longer accepted from this address. */
  async authenticateAgain(prefix: string, address: string | undefined): Promise<Caller | undefined> {
    const key = await this.cache.find(prefix);
    return key && this.callerOf(key, address);
  }

  private callerOf(key: CachedKey, address: string | undefined): Caller | undefined {
    const now = this.clock.nowMs();
    if (key.caller.expiresMs !== null && key.caller.expiresMs <= now) return undefined;
    if (key.addresses && !key.addresses.contains(address)) return undefined;
    this.noteUse(key, now);
    return key.caller;
  }

  /** Runs beside the request, which neither waits for it nor fails with it. */
  private noteUse({ id, lastUsedMs }: CachedKey, now: number): void {
    if (now - Math.max(lastUsedMs, this.recordedUse.get(id) ?? -Infinity) < LAST_USED_EVERY_MS) return;
    this.recordedUse.set(id, now);
    const unlessSince = toInstantText(now - LAST_USED_EVERY_MS);
    this.transactions
      .run((tx) => this.keys.within(tx).noteUse(id, toInstantText(now), unlessSince), { mayRepeat: true })
      .catch((error: Error) => this.logger.warn(`last use not noted: ${error.message}`));
  }
}
