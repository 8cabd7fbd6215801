import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import type { Caller } from '../../../platform/http/caller.js';
import { Clock } from '../../../platform/time/clock.js';
import { UNIT_MS } from '../../../platform/time/duration.js';
import { fromInstantText, toInstantText } from '../../../platform/time/instant.js';
import { KeyAuthService } from '../../access/authentication/key-auth.service.js';
import type { ConsoleSession, LoginMethod, StoredConsoleSession } from './console-session.js';
import { ConsoleSessionsRepository } from './console-sessions.repository.js';
import { randomToken, tokenHash } from './random-token.js';

/** The last use is stored at most this often. */
const NOTE_USE_EVERY_MS = 60_000;
/** Further logins of a caller end the session that was used least recently. */
const MAX_PER_CALLER = 50;

/**
 * The sessions of the console. Each call reads its session from the database, so a logout acts on every process at once. What
 * the caller may do is that of its key at the time of the call.
 */
@Injectable()
export class ConsoleSessionsService {
  private readonly idleMs: number;
  private readonly maxMs: number;

  constructor(
    private readonly sessions: ConsoleSessionsRepository,
    private readonly transactions: Transactions,
    private readonly keys: KeyAuthService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {
    this.idleMs = config.CONSOLE_IDLE_MINUTES * UNIT_MS.m;
    this.maxMs = config.CONSOLE_MAX_HOURS * UNIT_MS.h;
  }

  /** Starts a session with a new id, which exists only here and in the cookie of the browser. */
  async start(caller: Caller, method: LoginMethod): Promise<{ id: string; session: ConsoleSession }> {
    const id = randomToken();
    const nowMs = this.clock.nowMs();
    const now = toInstantText(nowMs);
    const { prefix, name, scopes, rowScope, expiresMs } = caller;
    const stored: StoredConsoleSession = {
      ...{ idHash: tokenHash(id), method, caller: prefix, createdAt: now, lastUsedAt: now },
      expiresAt: toInstantText(Math.min(nowMs + this.maxMs, expiresMs ?? Infinity)),
      identity: method === 'oidc' ? { name, scopes, rowScope } : null,
    };
    await this.transactions.run(async (tx) => {
      const sessions = this.sessions.within(tx);
      await sessions.removeEnded(now, toInstantText(nowMs - this.idleMs));
      await sessions.removeLeastRecent(prefix, MAX_PER_CALLER - 1);
      await sessions.add(stored);
    });
    return { id, session: this.sessionOf(stored, caller) };
  }

  /**
   * The session with this id; undefined when there is none, when it has ended, or when its key is no longer accepted from
   * this address.
   *
   * @param isUse whether this call postpones the idle limit
   */
  async find(id: string, address: string | undefined, isUse: boolean): Promise<ConsoleSession | undefined> {
    const stored = await this.sessions.byIdHash(tokenHash(id));
    if (!stored) return undefined;
    const nowMs = this.clock.nowMs();
    const lastUsedMs = fromInstantText(stored.lastUsedAt);
    if (nowMs >= fromInstantText(stored.expiresAt) || nowMs >= lastUsedMs + this.idleMs) return undefined;
    const caller = await this.callerOf(stored, address);
    if (!caller) return undefined;
    if (!isUse || nowMs - lastUsedMs < Math.min(NOTE_USE_EVERY_MS, this.idleMs / 10))
      return this.sessionOf(stored, caller);
    const lastUsedAt = toInstantText(nowMs);
    await this.transactions.run((tx) => this.sessions.within(tx).noteUse(stored.idHash, lastUsedAt), {
      mayRepeat: true,
    });
    return this.sessionOf({ ...stored, lastUsedAt }, caller);
  }

  async end(idHash: string): Promise<void> {
    await this.transactions.run((tx) => this.sessions.within(tx).remove(idHash), { mayRepeat: true });
  }

  /** Ends all sessions of a caller. @returns how many there were */
  endAll({ prefix }: Caller): Promise<number> {
    return this.transactions.run((tx) => this.sessions.within(tx).removeAll(prefix), { mayRepeat: true });
  }

  private async callerOf(
    { caller, identity, expiresAt }: StoredConsoleSession,
    address: string | undefined,
  ): Promise<Caller | undefined> {
    if (!identity) return this.keys.authenticateAgain(caller, address);
    if (this.config.OIDC_ISSUER === '') return undefined;
    return { prefix: caller, ...identity, expiresMs: fromInstantText(expiresAt) };
  }

  private sessionOf({ idHash, method, lastUsedAt, expiresAt }: StoredConsoleSession, caller: Caller): ConsoleSession {
    const expiresMs = Math.min(fromInstantText(expiresAt), caller.expiresMs ?? Infinity);
    const idleUntilMs = Math.min(fromInstantText(lastUsedAt) + this.idleMs, expiresMs);
    return { idHash, method, caller, idleUntilMs, expiresMs };
  }
}
