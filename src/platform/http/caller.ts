import type { Scope } from './scopes.js';

/** Guids of the clients whose sessions a caller may see; null = all. Every query that returns sessions applies it. */
export type RowScope = readonly string[] | null;

/** The authenticated caller: the holder of a key or of a token of the identity provider. */
export interface Caller {
  /** Public part of the key, which identifies it without revealing it; for a token `oidc:` and the subject. */
  readonly prefix: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly rowScope: RowScope;
  /** Expiry in milliseconds since 1970; null = never. */
  readonly expiresMs: number | null;
}
