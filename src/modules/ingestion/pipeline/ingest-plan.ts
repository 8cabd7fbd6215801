import { type SessionOrigin, mergeOrigin, sameValues } from './merge-origin.js';
import { type DatedName, type SessionFacts, mergeFacts, mergeName } from './merge-session.js';
import { type NormalisedActivity, type NormalisedRecord, activityKey } from './validate-record.js';

/** A client as stored, read within the transaction. */
export interface ClientRow extends DatedName {
  readonly id: number;
}

/** A session as stored, locked by the transaction. */
export interface SessionRow extends SessionFacts {
  readonly id: number;
  readonly userId: number;
  readonly endedAt: string | null;
  readonly origin: SessionOrigin | null;
  readonly version: number;
  /** Null when the session is older than the change log. */
  readonly salt: Buffer | null;
}

/** Stored state of everything that a batch refers to. */
export interface KnownState {
  /** By guid; contains every client of the batch. */
  readonly clients: ReadonlyMap<string, ClientRow>;
  /** By `userKey`. */
  readonly users: ReadonlyMap<string, number>;
  /** By `sessionKey`. */
  readonly sessions: ReadonlyMap<string, SessionRow>;
  /** By session id: the `activityKey` of each stored activity that the batch may repeat. */
  readonly activities: ReadonlyMap<number, ReadonlySet<string>>;
}

/** A session of the batch, into which records are merged. */
export interface PlannedSession {
  readonly key: string;
  readonly clientGuid: string;
  readonly externalId: string;
  readonly userKey: string;
  readonly row: SessionRow | undefined;
  facts: SessionFacts;
  origin: SessionOrigin | null;
  /** Keys of its known activities; null for a new session until a second record needs them. */
  seen: Set<string> | null;
  added: readonly NormalisedActivity[];
}

export type Outcome =
  | { readonly status: 'created' | 'updated' | 'unchanged'; readonly key: string; readonly activities: number }
  | { readonly status: 'rejected'; readonly detail: string };

/** The separator is unambiguous: a guid is visible ASCII, and a domain has no control characters. */
export const sessionKey = (clientGuid: string, externalId: string) => `${clientGuid}\n${externalId}`;
export const userKey = (domain: string, name: string) => `${domain}\n${name}`;
export const userOfKey = (key: string) => {
  const end = key.indexOf('\n');
  return { domain: key.slice(0, end), name: key.slice(end + 1) };
};

/** Merges the records of one batch in memory, in the order sent, so that each session is written once. */
export class IngestPlan {
  /** In the order of their first appearance in the batch. */
  readonly sessions = new Map<string, PlannedSession>();
  readonly names = new Map<string, DatedName>();

  constructor(private readonly known: KnownState) {}

  apply(record: NormalisedRecord): Outcome {
    const session = this.sessionOf(record);
    if (!this.sameUser(session, record)) {
      return {
        status: 'rejected',
        detail: 'The session belongs to another user, and a session never changes its user.',
      };
    }
    const isNew = session.row === undefined && !this.sessions.has(session.key);
    this.sessions.set(session.key, session);
    const facts = mergeFacts(session.facts, record);
    const origin = mergeOrigin(session.origin, record.origin);
    const activities = addActivities(session, record.activities);
    const renamed = this.rename(record);
    const isMoved = !sameValues(origin, session.origin);
    const changed = facts !== session.facts || isMoved || activities > 0 || renamed;
    session.facts = facts;
    session.origin = origin;
    return { status: isNew ? 'created' : changed ? 'updated' : 'unchanged', key: session.key, activities };
  }

  private sessionOf(record: NormalisedRecord): PlannedSession {
    const key = sessionKey(record.clientGuid, record.externalId);
    const planned = this.sessions.get(key);
    if (planned) return planned;
    const row = this.known.sessions.get(key);
    const { clientGuid, externalId, loginAt, logoutAt, lastSeenAt } = record;
    return {
      key,
      clientGuid,
      externalId,
      row,
      userKey: userKey(record.userDomain, record.userName),
      facts: row ?? { loginAt, logoutAt, lastSeenAt },
      origin: row ? row.origin : record.origin,
      seen: row ? new Set(this.known.activities.get(row.id)) : null,
      added: [],
    };
  }

  private sameUser(session: PlannedSession, record: NormalisedRecord): boolean {
    const key = userKey(record.userDomain, record.userName);
    return session.row ? this.known.users.get(key) === session.row.userId : session.userKey === key;
  }

  private rename(record: NormalisedRecord): boolean {
    const before = this.names.get(record.clientGuid) ?? this.known.clients.get(record.clientGuid);
    if (!before) throw new Error('A client of the batch was not read.');
    const after = mergeName(before, { name: record.clientName, nameAt: record.lastSeenAt });
    if (after === before) return false;
    this.names.set(record.clientGuid, after);
    return after.name !== before.name;
  }
}

/** The activities of one record are distinct, so the first record of a new session needs no comparison. */
function addActivities(session: PlannedSession, activities: readonly NormalisedActivity[]): number {
  if (session.seen === null && session.added.length === 0) {
    session.added = activities;
    return activities.length;
  }
  session.seen ??= new Set(session.added.map(activityKey));
  const fresh = activities.filter((a) => {
    const before = session.seen!.size;
    return session.seen!.add(activityKey(a)).size > before;
  });
  session.added = [...session.added, ...fresh];
  return fresh.length;
}
