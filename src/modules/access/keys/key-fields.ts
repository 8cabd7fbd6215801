import type { CallFilter } from '../../../platform/http/call.js';
import { invalidBody } from '../../../platform/http/validation/faults.js';
import { toInstantText } from '../../../platform/time/instant.js';
import type { CreateKeyRequest } from './dto/create-key.request.js';
import type { UpdateKeyRequest } from './dto/update-key.request.js';
import type { KeyChanges, KeyFields } from './stored-key.js';

export function keyFields(body: CreateKeyRequest): KeyFields {
  return {
    ...{ name: body.name, scopes: body.scopes, expiresAt: instantText(body.expiresAt ?? null) },
    ...{ cidrs: unique(body.cidrs ?? null), clientGuids: unique(body.clientGuids ?? null) },
  };
}

/** What the body leaves out stays out. @throws ProblemError `invalid-body` when it changes nothing */
export function keyChanges(body: UpdateKeyRequest): KeyChanges {
  const { name, expiresAt, cidrs, clientGuids } = body;
  const given = { name, expiresAt, cidrs, clientGuids };
  const nothing = Object.values(given).every((value) => value === undefined);
  if (nothing)
    throw invalidBody([{ parameter: 'body', detail: `must change one of ${Object.keys(given).join(', ')}` }]);
  return {
    ...(name === undefined ? {} : { name }),
    ...(expiresAt === undefined ? {} : { expiresAt: instantText(expiresAt) }),
    ...(cidrs === undefined ? {} : { cidrs: unique(cidrs) }),
    ...(clientGuids === undefined ? {} : { clientGuids: unique(clientGuids) }),
  };
}

/** The values of a key for the audit record; null = no limit. */
export function recordedValues(fields: KeyChanges & Partial<KeyFields>): CallFilter {
  const recorded = Object.entries(fields).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(' ') : (value as string | null),
  ]);
  return Object.fromEntries(recorded) as CallFilter;
}

function instantText(ms: number | null): string | null {
  return ms === null ? null : toInstantText(ms);
}

function unique(values: readonly string[] | null): readonly string[] | null {
  return values === null ? null : [...new Set(values)];
}
