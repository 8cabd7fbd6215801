import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { reachesBeyondClients, SCOPES, type Scope } from '../../../platform/http/scopes.js';
import type { Caller, RowScope } from '../../../platform/http/caller.js';

/** Names of the claims that are read. */
export interface ClaimNames {
  readonly scopes: string;
  /** Prefix of each scope in the token, which some providers require; may be empty. */
  readonly scopePrefix: string;
  /** Claim with the guids of the clients that the caller is limited to; empty = tokens do not limit clients. */
  readonly clients: string;
}

const MAX_SUBJECT = 56;
const CLIENT_GUID = /^[!-~]{1,64}$/;

/**
 * The caller of a verified token; undefined without a subject. Unknown scopes are left out, and so are `admin` and
 * `audit:read` when the caller is limited to some clients.
 */
export function callerOf(claims: JWTPayload, names: ClaimNames): Caller | undefined {
  const subject = text(claims.sub) ?? text(claims['client_id']) ?? text(claims['azp']);
  if (subject === undefined) return undefined;
  const rowScope = clientsOf(claims, names.clients);
  const given = new Set(words(claims[names.scopes]));
  const scopes = SCOPES.filter((scope) => given.has(names.scopePrefix + scope));
  const allowed: Scope[] = rowScope === null ? scopes : scopes.filter((scope) => !reachesBeyondClients(scope));
  return {
    prefix: `oidc:${stable(subject)}`,
    name: clean(text(claims['name']) ?? text(claims['client_id']) ?? subject),
    scopes: new Set(allowed),
    rowScope,
    expiresMs: claims.exp === undefined ? null : claims.exp * 1000,
  };
}

/** `*` means all clients. When tokens limit clients, a token without the claim sees no client. Invalid guids are left out. */
function clientsOf(claims: JWTPayload, claim: string): RowScope {
  if (claim === '') return null;
  const clients = words(claims[claim]);
  return clients.includes('*') ? null : clients.filter((guid) => CLIENT_GUID.test(guid));
}

/** The strings of an array, or the words of a string. */
function words(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter(Boolean);
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A short form that is safe in logs. A subject that must be shortened or cleaned gets a digest, so forms stay unique. */
function stable(subject: string): string {
  if (subject.length <= MAX_SUBJECT && /^[!-~]+$/.test(subject) && !subject.includes('#')) return subject;
  const digest = createHash('sha256').update(subject).digest('hex').slice(0, 32);
  return `${subject.slice(0, 20).replace(/[^A-Za-z0-9._@-]/g, '_')}#${digest}`;
}

function clean(name: string): string {
  // eslint-disable-next-line no-control-regex
  return [...name.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')].slice(0, 128).join('');
}
