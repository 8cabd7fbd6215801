import type { Scope } from '../../../../platform/http/scopes.js';
import type { TimeZone } from '../../../../platform/time/time-zone.js';
import type { ConsoleSession, LoginMethod } from '../console-session.js';

/** Who is logged in, and until when. */
export interface ConsoleSessionResponse {
  readonly name: string;
  /** Prefix of the key; null after a login at the identity provider. */
  readonly keyPrefix: string | null;
  /** Subject at the identity provider; null for a key. */
  readonly subject: string | null;
  readonly scopes: readonly Scope[];
  /** Number of clients that the caller is limited to; null = all clients. */
  readonly clients: number | null;
  readonly method: LoginMethod;
  /** The session ends then unless it is used. */
  readonly idleUntil: string;
  /** The session ends then in any case. */
  readonly expiresAt: string;
}

const SUBJECT = 'oidc:';

export function consoleSessionResponse(session: ConsoleSession, zone: TimeZone): ConsoleSessionResponse {
  const { caller, method, idleUntilMs, expiresMs } = session;
  const { prefix, name, scopes, rowScope } = caller;
  const isKey = method !== 'oidc';
  return {
    ...{ name, keyPrefix: isKey ? prefix : null, subject: isKey ? null : prefix.slice(SUBJECT.length) },
    ...{ scopes: [...scopes], clients: rowScope && rowScope.length, method },
    ...{ idleUntil: zone.formatMs(idleUntilMs), expiresAt: zone.formatMs(expiresMs) },
  };
}
