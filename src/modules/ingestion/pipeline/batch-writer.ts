import {
  type ClientRow,
  IngestPlan,
  type KnownState,
  type Outcome,
  type PlannedSession,
  sessionKey,
  userKey,
  userOfKey,
} from './ingest-plan.js';
import type { BoundIngestionRepository } from '../ingestion.repository.js';
import type { NewChange } from '../../changes/port/session-change.js';
import type { NewActivities, SessionIdentity, UserName } from '../ingestion.rows.js';
import type { SessionFacts } from './merge-session.js';
import { type RecordResult, rejected } from '../results/record-result.js';
import { type VersionedSession, changeOf, saltSource, versioned } from './session-version.js';
import type { NormalisedRecord } from './validate-record.js';

/** Computes `ended_at` of a session from its facts; null = live, or not yet known to be lost. */
export type EndOf = (facts: SessionFacts) => string | null;

/** Records changes in the transaction of the batch. */
export interface ChangeRecorder {
  record(changes: readonly NewChange[]): Promise<void>;
  /** The first changes of stored sessions that are older than the change log. */
  firstChanges(ids: readonly number[]): Promise<NewChange[]>;
}

/**
 * Writes one batch within one transaction, with as few locks as possible (ADR 20): an existing session is locked when it
 * is read; a new one is protected by its unique key, so that the later of two concurrent transactions is retried; a
 * client's name is compared by the statement that writes it, the last one before the commit. Concurrent senders for the
 * same machines therefore do not block each other.
 */
export class BatchWriter {
  constructor(
    private readonly repository: BoundIngestionRepository,
    private readonly changes: ChangeRecorder,
    /** True after a conflict: retries take one lock first, so that they run one after another. */
    private readonly serialise: boolean,
  ) {}

  /**
   * @param ends called once, when the facts of all sessions are known
   * @returns one result for each record, in order
   */
  async write(
    records: readonly NormalisedRecord[],
    ends: (facts: readonly SessionFacts[]) => Promise<EndOf>,
  ): Promise<RecordResult[]> {
    if (this.serialise) await this.repository.lockNames();
    const known = await this.readKnown(records);
    const plan = new IngestPlan(known);
    const outcomes = records.map((record) => plan.apply(record));
    const sessions = await this.versions([...plan.sessions.values()], ends);
    const ids = await this.create(known, sessions);
    await this.update(known, sessions);
    await this.repository.addActivities(newActivities(sessions, ids));
    await this.recordChanges(known, sessions, ids);
    // Last: from here to the commit, other senders for these machines wait for the row locks.
    await this.repository.renameClients(
      [...plan.names].map(([guid, name]) => ({ ...name, guid, id: known.clients.get(guid)!.id })),
    );
    return records.map((record, i) => toResult(record, outcomes[i]!, ids));
  }

  private async readKnown(records: readonly NormalisedRecord[]): Promise<KnownState> {
    const clients = await this.findOrAddClients(records);
    const users = await this.findUsers(
      new Map(records.map((r) => [userKey(r.userDomain, r.userName), { domain: r.userDomain, name: r.userName }])),
    );
    const identities = records.map((r) => ({ clientId: clients.get(r.clientGuid)!.id, externalId: r.externalId }));
    const sessions = sessionsByKey({ clients }, await this.repository.lockSessions(identities), (row) => row);
    const moments = records.flatMap((record) => {
      const row = sessions.size > 0 ? sessions.get(sessionKey(record.clientGuid, record.externalId)) : undefined;
      return row ? record.activities.map(({ at }) => [row.id, at] as const) : [];
    });
    return { clients, users, sessions, activities: await this.repository.findActivities(moments) };
  }

  /** The first record of a new client is never rejected, so every added client gets a session. */
  private async findOrAddClients(records: readonly NormalisedRecord[]): Promise<Map<string, ClientRow>> {
    const first = new Map<string, NormalisedRecord>();
    for (const record of records) if (!first.has(record.clientGuid)) first.set(record.clientGuid, record);
    const known = await this.repository.findClients([...first.keys()]);
    for (const guid of known.keys()) first.delete(guid);
    if (first.size === 0) return known;
    await this.repository.lockNames();
    const addedByOthers = await this.repository.findClients([...first.keys()]);
    for (const guid of addedByOthers.keys()) first.delete(guid);
    await this.repository.addClients(
      [...first].map(([guid, r]) => ({ guid, name: r.clientName, nameAt: r.lastSeenAt })),
    );
    const added = await this.repository.findClients([...first.keys()]);
    return new Map([...known, ...addedByOthers, ...added]);
  }

  private async versions(
    planned: readonly PlannedSession[],
    ends: (facts: readonly SessionFacts[]) => Promise<EndOf>,
  ): Promise<VersionedSession[]> {
    const endOf = await ends(planned.map(({ facts }) => facts));
    const newSalt = saltSource(planned.length);
    return planned.map((session) => versioned(session, endOf(session.facts), newSalt));
  }

  /** @returns the id of every session of the batch by its key */
  private async create(known: KnownState, sessions: readonly VersionedSession[]): Promise<Map<string, number>> {
    const created = sessions.filter(({ planned }) => !planned.row);
    const users = await this.addMissingUsers(
      known,
      created.map(({ planned }) => planned),
    );
    const added = await this.repository.addSessions(
      created.map(({ planned, endedAt, version, salt }) => ({
        clientId: known.clients.get(planned.clientGuid)!.id,
        externalId: planned.externalId,
        userId: users.get(planned.userKey)!,
        loginAt: planned.facts.loginAt,
        logoutAt: planned.facts.logoutAt,
        lastSeenAt: planned.facts.lastSeenAt,
        endedAt,
        origin: planned.origin,
        version,
        salt,
      })),
    );
    const ids = sessionsByKey(known, added, ({ id }) => id);
    for (const { planned } of sessions) if (planned.row) ids.set(planned.key, planned.row.id);
    return ids;
  }

  /** Adds users only for sessions that will be created: a rejected record leaves nothing behind. */
  private async addMissingUsers(
    known: KnownState,
    created: readonly PlannedSession[],
  ): Promise<ReadonlyMap<string, number>> {
    const missing = new Map<string, UserName>();
    for (const { userKey: key } of created) {
      if (known.users.has(key)) continue;
      const { domain, name } = userOfKey(key);
      missing.set(key, { domain, name });
    }
    if (missing.size === 0) return known.users;
    await this.repository.lockNames();
    const addedByOthers = await this.findUsers(missing);
    for (const key of addedByOthers.keys()) missing.delete(key);
    await this.repository.addUsers([...missing.values()]);
    return new Map([...known.users, ...addedByOthers, ...(await this.findUsers(missing))]);
  }

  private async findUsers(names: ReadonlyMap<string, UserName>): Promise<Map<string, number>> {
    const found = await this.repository.findUsers([...names.values()]);
    return new Map(found.map((u) => [userKey(u.domain, u.name), u.id]));
  }

  private async update(known: KnownState, sessions: readonly VersionedSession[]): Promise<void> {
    const changed = sessions.flatMap(({ planned, endedAt, version, salt, kind }) => {
      const { row, facts, origin, clientGuid, externalId } = planned;
      if (!row || kind === null) return [];
      const clientId = known.clients.get(clientGuid)!.id;
      const { id, userId } = row;
      return [{ id, userId, clientId, externalId, ...factsOf(facts), endedAt, origin, version, salt }];
    });
    await this.repository.updateSessions(changed.sort((a, b) => a.id - b.id));
  }

  private async recordChanges(
    known: KnownState,
    sessions: readonly VersionedSession[],
    ids: ReadonlyMap<string, number>,
  ): Promise<void> {
    const older = sessions.filter(({ isOlderThanLog, kind }) => isOlderThanLog && kind !== null);
    const changes = sessions.flatMap((session) => {
      const { planned, kind, isOlderThanLog } = session;
      if (kind === null || isOlderThanLog) return [];
      const clientId = known.clients.get(planned.clientGuid)!.id;
      return [changeOf(session, kind, { sessionId: ids.get(planned.key)!, clientId })];
    });
    const first = await this.changes.firstChanges(older.map(({ planned }) => planned.row!.id));
    await this.changes.record([...changes, ...first]);
  }
}

function newActivities(sessions: readonly VersionedSession[], ids: ReadonlyMap<string, number>): NewActivities[] {
  return sessions.flatMap(({ planned: { key, added: activities }, version }) =>
    activities.length === 0 ? [] : [{ sessionId: ids.get(key)!, version, activities }],
  );
}

const factsOf = ({ loginAt, logoutAt, lastSeenAt }: SessionFacts): SessionFacts => ({ loginAt, logoutAt, lastSeenAt });

function sessionsByKey<T extends SessionIdentity, V>(
  { clients }: Pick<KnownState, 'clients'>,
  rows: readonly T[],
  value: (row: T) => V,
): Map<string, V> {
  if (rows.length === 0) return new Map();
  const guids = new Map([...clients].map(([guid, { id }]) => [id, guid]));
  return new Map(rows.map((row) => [sessionKey(guids.get(row.clientId)!, row.externalId), value(row)]));
}

function toResult({ externalId }: NormalisedRecord, outcome: Outcome, ids: ReadonlyMap<string, number>): RecordResult {
  if (outcome.status === 'rejected') return rejected(externalId, outcome.detail);
  const { status, key, activities } = outcome;
  return { externalId, sessionId: ids.get(key)!, status, activities };
}
