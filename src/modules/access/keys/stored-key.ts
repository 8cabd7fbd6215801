import type { Scope } from '../../../platform/http/scopes.js';
import type { RowScope } from '../../../platform/http/caller.js';

/** A key as it is stored. Instants are instant text. */
export interface StoredKey {
  readonly id: number;
  readonly prefix: string;
  readonly secretHash: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  /** Prefix of the caller that created it, or `command line`. */
  readonly createdBy: string;
  /** The key is refused from this instant on; null = it does not expire. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** Accurate to a minute. */
  readonly lastUsedAt: string | null;
  /** Prefix of the key that this one replaced in a rotation. */
  readonly replaces: string | null;
  /** Networks that it may be used from; null = from anywhere. */
  readonly cidrs: readonly string[] | null;
  /** Guids of the clients that it is limited to; null = all clients. */
  readonly clientGuids: RowScope;
}

/** The fields that are chosen when a key is created. */
export type KeyFields = Pick<StoredKey, 'name' | 'scopes' | 'expiresAt' | 'cidrs' | 'clientGuids'>;
/** The fields that may change later. Scopes never change: create another key instead. */
export type KeyChanges = Partial<Omit<KeyFields, 'scopes'>>;

export function fieldsOf({ name, scopes, expiresAt, cidrs, clientGuids }: KeyFields): KeyFields {
  return { name, scopes, expiresAt, cidrs, clientGuids };
}

export function isLive({ revokedAt, expiresAt }: StoredKey, now: string): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}
