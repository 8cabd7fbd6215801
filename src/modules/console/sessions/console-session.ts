import type { Caller } from '../../../platform/http/caller.js';

/** How the caller logged in: with a key, with a one-time link, or at the identity provider. */
export type LoginMethod = 'key' | 'link' | 'oidc';

declare module 'express-serve-static-core' {
  interface Request {
    /** Set when the cookie of the console authenticated the call. */
    consoleSession?: ConsoleSession;
  }
}

/** A session of the console that has not ended. */
export interface ConsoleSession {
  readonly idHash: string;
  readonly method: LoginMethod;
  readonly caller: Caller;
  /** It ends at this instant unless it is used before; milliseconds since 1970. */
  readonly idleUntilMs: number;
  /** It ends at this instant in any case. */
  readonly expiresMs: number;
}

/** A session as it is stored. Instants are instant text. */
export interface StoredConsoleSession {
  readonly idHash: string;
  readonly method: LoginMethod;
  /** Prefix of the key, or `oidc:` and the subject. */
  readonly caller: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
  /** Who logged in at the identity provider; null for a key, which is looked up with each call. */
  readonly identity: Pick<Caller, 'name' | 'scopes' | 'rowScope'> | null;
}
