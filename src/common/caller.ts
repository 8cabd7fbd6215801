import type { Scope } from './access.js';

/** The clients, by guid, whose sessions a caller may see; null = all. Every query that answers with sessions takes one. */
export type RowScope = readonly string[] | null;

/** Who is asking: the holder of a key. */
export interface Caller {
  /** Public part of the key; names it without giving it away. */
  readonly prefix: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly rowScope: RowScope;
}
