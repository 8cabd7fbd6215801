import { changeKindCode, changeKindOf } from '../port/change-kind.js';
import type { NewChange } from '../port/session-change.js';

/** A change with the instant at which it was recorded, as instant text in UTC. */
export interface Change extends NewChange {
  readonly at: string;
}

/**
 * The text of an entry in the log, in canonical form (RFC 8785): the members are in the order of their names. Its hash is a
 * leaf of the tree, so the text can never change.
 */
export function entryText(entry: Change): string {
  const { activities, activitiesHash, at, clientId, kind, sessionId, sessionHash, version } = entry;
  return (
    `{"activities":${activities},"activitiesHash":${jsonHash(activitiesHash)},"at":"${at.slice(0, 10)}T${at.slice(11)}Z",` +
    `"client":${clientId},"kind":"${kind}","session":${sessionId},"sessionHash":${jsonHash(sessionHash)},"version":${version}}`
  );
}

/** Hexadecimal digits as JSON. */
export function jsonHash(digits: string | null): string {
  return digits === null ? 'null' : `"${digits}"`;
}

/** Changes of one row of the outbox. Each has at most 230 characters, and the column has room for 65,535. */
export const PENDING_CHANGES = 250;

/** The order of `pendingText`. */
type Pending = [number, number, number, number, string | null, number, string | null];

/** Up to PENDING_CHANGES changes as text for a row of the outbox. */
export function pendingText(changes: readonly NewChange[]): string {
  const rows = changes.map(({ sessionId, version, kind, clientId, sessionHash, activities, activitiesHash }) => {
    const [session, added] = [jsonHash(sessionHash), jsonHash(activitiesHash)];
    return `[${sessionId},${version},${changeKindCode(kind)},${clientId},${session},${activities},${added}]`;
  });
  return `[${rows.join(',')}]`;
}

export function readPending(text: string, at: string): Change[] {
  return (JSON.parse(text) as Pending[]).map(
    ([sessionId, version, kind, clientId, sessionHash, activities, activitiesHash]) => {
      return { sessionId, version, kind: changeKindOf(kind), at, clientId, sessionHash, activities, activitiesHash };
    },
  );
}
