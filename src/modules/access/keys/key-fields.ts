import { MAX_INSTANT_MS, toInstantText } from '../../../platform/time/instant.js';
import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import { invalidBody } from '../../../platform/http/validation/strict-body.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { CreateKeyRequest } from './dto/create-key.request.js';
import type { UpdateKeyRequest } from './dto/update-key.request.js';
import type { KeyChanges, KeyFields } from './stored-key.js';

/** What the instants of a request depend on. */
export interface Reading {
  /** The zone of instants without an offset. */
  readonly zone: TimeZone;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** @throws ProblemError `invalid-body` */
export function keyFields(body: CreateKeyRequest, reading: Reading): KeyFields {
  return {
    ...{ name: body.name, scopes: body.scopes, expiresAt: expiry(body.expiresAt ?? null, reading) },
    ...{ cidrs: unique(body.cidrs ?? null), clientGuids: unique(body.clientGuids ?? null) },
  };
}

/** What is left out is left out here, too. @throws ProblemError `invalid-body` */
export function keyChanges(body: UpdateKeyRequest, reading: Reading): KeyChanges {
  const { name, expiresAt, cidrs, clientGuids } = body;
  const given = { name, expiresAt, cidrs, clientGuids };
  const nothing = Object.values(given).every((value) => value === undefined);
  if (nothing)
    throw invalidBody([{ parameter: 'body', detail: `must change one of ${Object.keys(given).join(', ')}` }]);
  return {
    ...(name === undefined ? {} : { name }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiry(expiresAt, reading) }),
    ...(cidrs === undefined ? {} : { cidrs: unique(cidrs) }),
    ...(clientGuids === undefined ? {} : { clientGuids: unique(clientGuids) }),
  };
}

function expiry(text: string | null, { zone, nowMs }: Reading): string | null {
  if (text === null) return null;
  const ms = parsed(text, zone);
  if (ms > MAX_INSTANT_MS) throw invalidExpiry('is after 2106-02-07T06:28:13.999Z');
  if (ms <= nowMs) throw invalidExpiry('is not in the future; revoke a key to end it now');
  return toInstantText(ms);
}

function parsed(text: string, zone: TimeZone): number {
  try {
    return parseInstant(text, zone);
  } catch (error) {
    if (error instanceof InstantSyntaxError) throw invalidExpiry(error.message);
    throw error;
  }
}

function invalidExpiry(detail: string) {
  return invalidBody([{ parameter: 'expiresAt', detail }]);
}

function unique(values: readonly string[] | null): readonly string[] | null {
  return values === null ? null : [...new Set(values)];
}
