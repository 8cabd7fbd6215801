import type { Scope } from '../../src/platform/http/scopes.js';

/** Who may call an operation, according to the OpenAPI document. */
type Declared = { scopes: readonly Scope[] } | 'any caller' | 'public';

export interface Operation {
  readonly method: string;
  /** Path template with `{names}`. */
  readonly path: string;
  readonly access: Declared;
  /** @param valueOf returns the value of a parameter or body field; undefined = use the example, or omit it */
  request(valueOf?: ValueOf): { path: string; method: string; headers: Record<string, string>; body?: string };
}

export type ValueOf = (name: string) => unknown;

interface Schema {
  $ref?: string;
  type?: string;
  example?: unknown;
  default?: unknown;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  example?: unknown;
  schema?: Schema;
}

interface DocumentedOperation {
  'x-required-scopes'?: Scope[];
  'x-any-caller'?: boolean;
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema; examples?: Record<string, { value: unknown }> }> };
}

export interface ApiDocument {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** Lists all operations of an OpenAPI document, each with a request built from its examples. */
export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      access: declared(operation),
      request: (valueOf: ValueOf = () => undefined) => ({
        method: method.toUpperCase(),
        path: address(path, operation.parameters ?? [], valueOf),
        ...content(operation, document, valueOf),
      }),
    })),
  );
}

function declared(operation: DocumentedOperation): Declared {
  const scopes = operation['x-required-scopes'];
  if (scopes) return { scopes };
  if (operation['x-any-caller']) return 'any caller';
  if (operation.security?.length) throw new Error('a route requires a key but declares no scope');
  return 'public';
}

function address(path: string, parameters: Parameter[], valueOf: ValueOf): string {
  const value = (p: Parameter) => valueOf(p.name) ?? p.example ?? p.schema?.example;
  const of = (place: string) => parameters.filter((p) => p.in === place);
  const filled = of('path').reduce(
    (text, p) => text.replace(`{${p.name}}`, encodeURIComponent(String(value(p) ?? 'x'))),
    path,
  );
  const query = of('query')
    .filter((p) => p.required || value(p) !== undefined)
    .map((p) => `${p.name}=${encodeURIComponent(String(value(p) ?? 'x'))}`);
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled;
}

function content(
  { requestBody }: DocumentedOperation,
  document: ApiDocument,
  valueOf: ValueOf,
): { headers: Record<string, string>; body?: string } {
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (!type || !media) return { headers: {} };
  const example = Object.values(media.examples ?? {})[0]?.value ?? exampleOf(media.schema ?? {}, document);
  const value = isObject(example) ? replaced(example, valueOf) : example;
  return { headers: { 'Content-Type': type }, body: typeof value === 'string' ? value : JSON.stringify(value) };
}

function exampleOf(schema: Schema, document: ApiDocument): unknown {
  const name = schema.$ref?.split('/').at(-1);
  const target = name ? document.components.schemas[name]! : schema;
  const known = target.example ?? target.default ?? target.enum?.[0];
  if (known !== undefined) return known;
  if (target.type === 'array') return target.items ? [exampleOf(target.items, document)] : [];
  if (!target.properties) return undefined;
  return Object.fromEntries(Object.entries(target.properties).map(([key, of]) => [key, exampleOf(of, document)]));
}

function replaced(example: Record<string, unknown>, valueOf: ValueOf): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(example).map(([name, value]) => {
      const other = valueOf(name);
      return [name, other === undefined ? value : Array.isArray(value) && !Array.isArray(other) ? [other] : other];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
