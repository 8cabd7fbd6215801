/**
 * The scopes that exist, as keys. A feature adds its own in its `*.scopes.ts` file, by declaration merging and `defineScope`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface ScopeRegistry {}

/** A permission of a key. No other can be granted. */
export type Scope = keyof ScopeRegistry;

export interface ScopeDefinition {
  /** What the scope permits, for people. */
  readonly description: string;
  /** Place in lists of scopes. */
  readonly order: number;
  /** What it permits is not about single clients, so a caller that is limited to some clients cannot have it. */
  readonly reachesBeyondClients?: boolean;
}

const definitions = new Map<Scope, ScopeDefinition>();
const scopes: Scope[] = [];

/**
 * All registered scopes in their public order. The array grows while modules are imported: a decorator must keep the array
 * itself, not a copy.
 */
export const SCOPES: readonly Scope[] = scopes;

/** Registers a scope of a feature. @throws Error when it is registered already */
export function defineScope(name: Scope, definition: ScopeDefinition): void {
  if (definitions.has(name)) throw new Error(`The scope ${String(name)} is registered twice.`);
  definitions.set(name, definition);
  scopes.push(name);
  scopes.sort((a, b) => definitions.get(a)!.order - definitions.get(b)!.order);
}

export function reachesBeyondClients(scope: Scope): boolean {
  return definitions.get(scope)?.reachesBeyondClients === true;
}

export function descriptionOf(scope: Scope): string | undefined {
  return definitions.get(scope)?.description;
}
