import type { Scope } from '../../../platform/http/access.js';
import type { RowScope } from '../../../platform/http/caller.js';

/** A key as it is kept. Instants are instant text in UTC. */
export interface StoredKey {
  readonly id: number;
  readonly prefix: string;
  readonly secretHash: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  /** Prefix of the caller that made it, or `command line`. */
  readonly createdBy: string;
  /** Refused from this instant on; null = never. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** Exact to a minute. */
  readonly lastUsedAt: string | null;
  /** Prefix of the key that a rotation replaced by this one. */
  readonly replaces: string | null;
  /** Networks it may be used from; null = from anywhere. */
  readonly cidrs: readonly string[] | null;
  /** Clients it is limited to; null = all. */
  readonly clientGuids: RowScope;
}

/** What its maker decides about a key. */
export type KeyFields = Pick<StoredKey, 'name' | 'scopes' | 'expiresAt' | 'cidrs' | 'clientGuids'>;
/** What may be decided anew later. Scopes never change: a key that may do more is another key. */
export type KeyChanges = Partial<Omit<KeyFields, 'scopes'>>;

export function isLive({ revokedAt, expiresAt }: StoredKey, now: string): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}
