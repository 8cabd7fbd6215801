import type { paths } from '../../generated/api.js';
import { isPresent } from './presence.js';
import { ApiProblem, problemOf } from './problem.js';
import { type Query, queryString } from './query.js';

/**
 * Marks a call of the console: a page of another origin cannot send it without a preflight, which is refused. A call in the
 * background does not postpone the idle limit.
 */
const CONSOLE_HEADER = 'X-Session-Audit-Console';
const MAX_WAIT_MS = 8_000;
const RETRIES = 2;

export interface CallOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal;
  readonly body?: unknown;
  readonly accept?: string;
}

type JsonOf<O> = O extends { responses: { 200: { content: { 'application/json': infer B } } } } ? B : never;
export type GetPath = {
  [P in keyof paths]: paths[P] extends { get: infer O } ? ([JsonOf<O>] extends [never] ? never : P) : never;
}[keyof paths];
export type Answer<P extends GetPath> = paths[P] extends { get: infer O } ? JsonOf<O> : never;

/** Called when the server no longer accepts the login. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

/** Milliseconds that the clock of the server is ahead of the one here. */
let clockSkew = 0;
export function serverNow(): number {
  return Date.now() + clockSkew;
}

/** A list or document of the API. `path` is that of openapi.json; `params` replace its `{…}`. */
export async function get<P extends GetPath>(
  path: P,
  options: CallOptions & { params?: Record<string, string | number> } = {},
): Promise<Answer<P>> {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(options.params?.[name])));
  return (await (await call('GET', filled, options)).json()) as Answer<P>;
}

/** For paths that openapi.json does not describe: those of the console. */
export async function getJson<T>(path: string, options: CallOptions = {}): Promise<T> {
  return (await (await call('GET', path, options)).json()) as T;
}

export async function send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const response = await call(method, path, { body });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** @throws ApiProblem, or an AbortError when `signal` fires */
export async function call(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const response = await attemptCall(method, path, options);
    if (response.ok) return response;
    const wait = method === 'GET' && attempt < RETRIES ? waitOf(response) : undefined;
    if (wait === undefined) {
      if (response.status === 401 && !path.startsWith('/console/session')) onSignedOut();
      throw await problemOf(response);
    }
    await delay(wait, options.signal);
  }
}

async function attemptCall(
  method: string,
  path: string,
  { query, signal, body, accept }: CallOptions,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept ?? 'application/json' };
  headers[CONSOLE_HEADER] = isPresent() ? '1' : 'background';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    const response = await fetch(`${path}${queryString(query ?? {})}`, {
      ...{ method, headers, signal: signal ?? null, credentials: 'same-origin', redirect: 'error', cache: 'no-store' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    noteClock(response);
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem(0, 'No connection', 'The server did not answer. Check the connection, then try again.');
  }
}

function noteClock(response: Response): void {
  const date = Date.parse(response.headers.get('Date') ?? '');
  const skew = date - Date.now();
  // The header has whole seconds.
  if (Math.abs(skew) > 2_000) clockSkew = skew;
}

/** Milliseconds after which the server wants to be asked again; undefined if asking again does not help now. */
function waitOf(response: Response): number | undefined {
  if (response.status !== 429 && response.status !== 503) return undefined;
  const wait = Number(response.headers.get('Retry-After') ?? '1') * 1_000;
  return wait <= MAX_WAIT_MS ? Math.max(wait, 250) : undefined;
}

function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
