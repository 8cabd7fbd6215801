import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import { Clock } from '../../../platform/time/clock.js';
import { UNIT_MS } from '../../../platform/time/duration.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { looksLikeToken, randomToken, tokenHash } from '../sessions/random-token.js';
import { ConsoleLinksRepository } from './console-links.repository.js';

const VALID_MS = 10 * UNIT_MS.m;

/** Links that log in to the console with a key, once and within ten minutes, without showing the key. */
@Injectable()
export class ConsoleLinksService {
  constructor(
    private readonly links: ConsoleLinksRepository,
    private readonly transactions: Transactions,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @returns the token of the link, which is not stored */
  async create(keyPrefix: string): Promise<string> {
    const token = randomToken();
    const nowMs = this.clock.nowMs();
    const link = { tokenHash: tokenHash(token), keyPrefix, expiresAt: toInstantText(nowMs + VALID_MS) };
    await this.transactions.run(async (tx) => {
      await this.links.removeExpired(tx, toInstantText(nowMs));
      await this.links.add(tx, link);
    });
    return token;
  }

  /** The prefix of the key of a link that is still valid. */
  async keyPrefix(token: string): Promise<string | undefined> {
    if (!looksLikeToken(token)) return undefined;
    return (await this.links.find(tokenHash(token), toInstantText(this.clock.nowMs())))?.keyPrefix;
  }

  /** @returns false when the link was redeemed already */
  redeem(token: string): Promise<boolean> {
    return this.transactions.run((tx) => this.links.remove(tx, tokenHash(token)));
  }
}
