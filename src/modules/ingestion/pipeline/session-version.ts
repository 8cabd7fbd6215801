import { randomFillSync } from 'node:crypto';
import { addressText } from '../../../platform/net/ip-address.js';
import type { ChangeKind } from '../../changes/port/change-kind.js';
import {
  SALT_BYTES,
  type SessionContent,
  activitiesText,
  commitment,
  inCanonicalOrder,
  sessionText,
} from '../../changes/port/commitments.js';
import type { NewChange } from '../../changes/port/session-change.js';
import { logonTypeOf } from '../../sessions/port/logon-type.js';
import { type PlannedSession, type SessionRow, userOfKey } from './ingest-plan.js';

/** A session of a batch as it will be stored. */
export interface VersionedSession {
  readonly planned: PlannedSession;
  readonly endedAt: string | null;
  readonly version: number;
  readonly salt: Buffer;
  /** What the change log says about it; null when nothing changed. */
  readonly kind: ChangeKind | null;
  /** The session is older than the log, so that its first entry covers all its activities. */
  readonly isOlderThanLog: boolean;
}

export function versioned(planned: PlannedSession, endedAt: string | null, newSalt: () => Buffer): VersionedSession {
  const { row, facts, origin, added } = planned;
  if (!row) return { planned, endedAt, version: 1, salt: newSalt(), kind: 'created', isOlderThanLog: false };
  const isOlderThanLog = row.salt === null;
  const salt = row.salt ?? newSalt();
  const isSame = facts === row && origin === row.origin && endedAt === row.endedAt && added.length === 0;
  const kind = isSame ? null : isOlderThanLog ? 'created' : kindOf(row, planned, endedAt);
  return { planned, endedAt, version: isSame ? row.version : row.version + 1, salt, kind, isOlderThanLog };
}

function kindOf(row: SessionRow, { facts }: PlannedSession, endedAt: string | null): ChangeKind {
  if (row.logoutAt === null && facts.logoutAt !== null) return 'ended';
  if (row.endedAt !== null && endedAt === null) return 'reopened';
  if (row.endedAt === null && endedAt !== null) return 'lost';
  return 'updated';
}

/** The change of a session that is not older than the log. @param ids of the session and its client */
export function changeOf(
  { planned, endedAt, version, salt }: VersionedSession,
  kind: ChangeKind,
  ids: { readonly sessionId: number; readonly clientId: number },
): NewChange {
  const { added } = planned;
  return {
    sessionId: ids.sessionId,
    clientId: ids.clientId,
    version,
    kind,
    sessionHash: commitment(salt, sessionText(contentOf(planned, endedAt))),
    activities: added.length,
    activitiesHash: added.length === 0 ? null : commitment(salt, activitiesText(inCanonicalOrder(added))),
  };
}

function contentOf({ clientGuid, externalId, userKey, facts, origin }: PlannedSession, endedAt: string | null) {
  const user = userOfKey(userKey);
  const address = origin?.remoteAddress;
  const type = origin?.logonType;
  // Without spreads, which are slow here: V8 would add the properties one by one.
  return {
    clientGuid,
    externalId,
    userDomain: user.domain,
    userName: user.name,
    loginAt: facts.loginAt,
    logoutAt: facts.logoutAt,
    lastSeenAt: facts.lastSeenAt,
    endedAt,
    remoteAddress: address ? addressText(address.value) : null,
    remoteHost: origin?.remoteHost?.value ?? null,
    logonType: type ? logonTypeOf(type.value) : null,
    terminal: origin?.terminal?.value ?? null,
  } satisfies SessionContent;
}

/** Makes the salts of a batch with one call of the generator. */
export function saltSource(count: number): () => Buffer {
  const bytes = randomFillSync(Buffer.allocUnsafe(count * SALT_BYTES));
  let used = 0;
  return () => bytes.subarray(used, (used += SALT_BYTES));
}
