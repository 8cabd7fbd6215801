import type { Caller } from '../../../platform/http/caller.js';
import { fromInstantText } from '../../../platform/time/instant.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { CallerResponse } from './dto/caller.response.js';
import type { KeyResponse } from './dto/key.response.js';
import type { StoredKey } from './stored-key.js';

/** What may be shown of a key: neither its hash nor the number of its row. */
export function keyResponse(key: Omit<StoredKey, 'id'>, zone: TimeZone): KeyResponse {
  const date = (at: string | null) => (at === null ? null : zone.formatMs(fromInstantText(at)));
  return {
    ...{ prefix: key.prefix, name: key.name, scopes: [...key.scopes] },
    ...{ createdAt: date(key.createdAt)!, createdBy: key.createdBy, expiresAt: date(key.expiresAt) },
    ...{ revokedAt: date(key.revokedAt), lastUsedAt: date(key.lastUsedAt), replaces: key.replaces },
    cidrs: key.cidrs && [...key.cidrs],
    clientGuids: key.clientGuids && [...key.clientGuids],
  };
}

export function callerResponse({ prefix, name, scopes, rowScope, expiresMs }: Caller, zone: TimeZone): CallerResponse {
  const expiresAt = expiresMs === null ? null : zone.formatMs(expiresMs);
  return { prefix, name, scopes: [...scopes], clientGuids: rowScope && [...rowScope], expiresAt };
}
