import { hash } from 'node:crypto';
import { groupBy } from '../../../platform/collections/group-by.js';
import { isInstantText } from '../../../platform/time/instant.js';
import { changeKindCode } from '../../changes/port/change-kind.js';
import { activitiesText, commitment, sessionText } from '../../changes/port/commitments.js';
import type { StoredActivity, StoredContent } from '../../sessions/changes/session-contents.repository.js';
import type { ChangeFault, ChangeFaultKind } from './change-fault.js';

/** What the log says about one version of a session. */
export interface LoggedVersion {
  /** Undefined for a committed change that has no place yet. */
  readonly seq?: number;
  readonly version: number;
  readonly kindCode: number;
  readonly clientId: number;
  readonly sessionHash: string | null;
  readonly activities: number;
  readonly activitiesHash: string | null;
}

/** A session as it is in the tables and in the log. */
export interface ComparedSession {
  readonly sessionId: number;
  /** Null when there is no such row; `unreadable` when a column has a value that the application never stores. */
  readonly content: StoredContent | null | 'unreadable';
  /** In the order of versions, then of places. */
  readonly versions: readonly LoggedVersion[];
  /** In the order of instants and digests. */
  readonly activities: readonly StoredActivity[];
  /** Whether version 0 can be that of a session which is older than the log. */
  readonly canBeOlder: boolean;
}

const GONE = [changeKindCode('deleted'), changeKindCode('erased')];

/** Compares one session and its activities with its entries in the log. */
export function checkSession(session: ComparedSession): ChangeFault[] {
  const { sessionId, content, versions } = session;
  const fault = (kind: ChangeFaultKind, detail: string, version?: number): ChangeFault => {
    return { kind, sessionId, ...(version !== undefined && { version }), detail: `Session ${sessionId} ${detail}` };
  };
  const last = versions.at(-1);
  if (!last) return content === null || isOlder(session) ? [] : [fault('session-added', 'is not in the log.')];
  const isGone = GONE.includes(last.kindCode);
  const numbering = checkNumbers(sessionId, versions);
  if (content === null) return isGone ? numbering : [...numbering, fault('session-deleted', 'is in the log only.')];
  if (isGone) return [...numbering, fault('session-added', 'is in the table, but the log says that it was deleted.')];
  if (content === 'unreadable')
    return [...numbering, fault('session-edited', 'has a value that the application never stores.')];
  if (content.version !== last.version) {
    const detail = `has version ${content.version} in the table and ${last.version} in the log.`;
    return [...numbering, fault('session-edited', detail, last.version)];
  }
  const isSame = content.clientId === last.clientId && sessionHash(content) === last.sessionHash;
  const edited = isSame ? [] : [fault('session-edited', 'is not what the log says.', last.version)];
  return [...numbering, ...edited, ...checkActivities(session, content.salt)];
}

/** Whether the session is older than the log, and not in it yet. */
export function isOlder({ content, canBeOlder, versions }: ComparedSession): boolean {
  return content !== null && content !== 'unreadable' && content.version === 0 && canBeOlder && versions.length === 0;
}

function checkNumbers(sessionId: number, versions: readonly LoggedVersion[]): ChangeFault[] {
  const faults: ChangeFault[] = [];
  let expected = 1;
  let place = 0;
  for (const { version, seq } of versions) {
    const at = { sessionId, version, ...(seq !== undefined && { seq }) };
    const where = `version ${version} of session ${sessionId}`;
    if (version > expected)
      faults.push({ kind: 'entry-missing', ...at, detail: `The log has no entry before ${where}.` });
    else if (version < expected)
      faults.push({ kind: 'entry-extra', ...at, detail: `The log has another entry of ${where}.` });
    else if (seq !== undefined && seq < place)
      faults.push({
        kind: 'entry-altered',
        ...at,
        detail: `The entry of ${where} stands before that of an earlier one.`,
      });
    expected = Math.max(expected, version + 1);
    place = seq ?? place;
  }
  return faults;
}

function checkActivities({ sessionId, versions, activities }: ComparedSession, salt: Buffer | null): ChangeFault[] {
  const faults = activities.filter((activity) => !hasItsDigest(activity)).map(editedActivity);
  const known = new Set(versions.map(({ version }) => version));
  const parts = groupBy(activities, ({ version }) => version);
  for (const version of parts.keys())
    if (!known.has(version))
      faults.push(difference('activities-added', sessionId, version, 0, parts.get(version)!.length));
  for (const { version, activities: count, activitiesHash } of versions) {
    const found = parts.get(version) ?? [];
    if (found.length > count) faults.push(difference('activities-added', sessionId, version, count, found.length));
    else if (found.length < count)
      faults.push(difference('activities-deleted', sessionId, version, count, found.length));
    else if (count > 0 && salt && commitment(salt, activitiesText(found)) !== activitiesHash)
      faults.push(difference('activities-edited', sessionId, version, count, found.length));
  }
  return faults;
}

function difference(kind: ChangeFaultKind, sessionId: number, version: number, was: number, is: number): ChangeFault {
  const what = kind === 'activities-edited' ? `They are ${is}, but not the same ones.` : `Now there are ${is}.`;
  const detail = `Version ${version} of session ${sessionId} added ${was} activities. ${what}`;
  return { kind, sessionId, version, detail };
}

function editedActivity({ sessionId, version, at }: StoredActivity): ChangeFault {
  const detail = `The activity of session ${sessionId} at ${at} was edited: its digest is not that of its fields.`;
  return { kind: 'activities-edited', sessionId, version, detail };
}

function hasItsDigest({ at, json, digest }: StoredActivity): boolean {
  return isInstantText(at) && hash('sha256', json).slice(0, 16) === digest;
}

function sessionHash(content: StoredContent): string | null {
  const { salt, loginAt, logoutAt, lastSeenAt, endedAt } = content;
  const areInstants = [loginAt, lastSeenAt, logoutAt, endedAt].every((at) => at === null || isInstantText(at));
  return salt && areInstants ? commitment(salt, sessionText(content)) : null;
}
