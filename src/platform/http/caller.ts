import type { Scope } from './access.js';

/** The clients, by guid, whose sessions a caller may see; null = all. Every query that answers with sessions takes one. */
export type RowScope = readonly string[] | null;

/** Who is asking: the holder of a key, or of a token of the identity provider. */
export interface Caller {
  /** Public part of the key, which names it without giving it away; `oidc:` and the subject for a token. */
  readonly prefix: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly rowScope: RowScope;
  /** Milliseconds since 1970 from which it is refused; null = never. */
  readonly expiresMs: number | null;
}
