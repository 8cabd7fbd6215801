import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Caller } from '../../platform/http/caller.js';
import { Clock } from '../../platform/time/clock.js';
import { toInstantText } from '../../platform/time/instant.js';
import { Transactions } from '../../platform/database/transactions/transactions.js';
import { ApiKeysRepository } from './keys/api-keys.repository.js';
import { type HeldKey, KeyRing } from './keys/key-ring.js';
import { NO_HASH, parseKey, sameHash } from './keys/key-secret.js';

const LAST_USED_EVERY_MS = 60_000;

/** Tells who is behind a key. */
@Injectable()
export class AuthService {
  private readonly logger = new Logger(AuthService.name);
  /** Milliseconds since 1970 of the last use that this process noted, by id of the key. */
  private readonly noted = new Map<number, number>();

  constructor(
    private readonly ring: KeyRing,
    private readonly keys: ApiKeysRepository,
    private readonly transactions: Transactions,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * The caller behind a key; undefined when it is malformed, unknown, wrong, expired, revoked, or used from an address
   * that it is not meant for. All of these take the same way: one hash, one look-up in memory, one comparison.
   *
   * @param address of the caller, as far as proxies are trusted
   */
  async authenticate(text: string, address: string | undefined): Promise<Caller | undefined> {
    const { prefix, secretHash } = parseKey(text);
    const key = await this.ring.find(prefix);
    const matches = sameHash(key?.secretHash ?? NO_HASH, secretHash);
    const now = this.clock.nowMs();
    if (!key || !matches) return undefined;
    if (key.caller.expiresMs !== null && key.caller.expiresMs <= now) return undefined;
    if (key.addresses && !key.addresses.holds(address)) return undefined;
    this.noteUse(key, now);
    return key.caller;
  }

  /** Never holds up or fails the request. */
  private noteUse({ id, lastUsedMs }: HeldKey, now: number): void {
    if (now - Math.max(lastUsedMs, this.noted.get(id) ?? -Infinity) < LAST_USED_EVERY_MS) return;
    this.noted.set(id, now);
    const unlessSince = toInstantText(now - LAST_USED_EVERY_MS);
    this.transactions
      .run((tx) => this.keys.within(tx).noteUse(id, toInstantText(now), unlessSince))
      .catch((error: Error) => this.logger.warn(`last use not noted: ${error.message}`));
  }
}
