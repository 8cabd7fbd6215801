import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../common/caller.js';
import { TimeZone } from '../../common/time-zone.js';
import { AppConfig } from '../../config/app-config.js';
import { Transactions } from '../../database/transactions.js';
import {
  type ClientRow,
  IngestPlan,
  type KnownState,
  type Outcome,
  type PlannedSession,
  sessionKey,
  userKey,
} from './ingest-plan.js';
import {
  type BoundIngestRepository,
  IngestRepository,
  type SessionIdentity,
  type UserName,
} from './ingest.repository.js';
import { type NormalisedRecord, validateRecord } from './validate-record.js';

/** Most records of one call: each call is one transaction, which holds its locks and its memory until it ends. */
export const MAX_BATCH = 1000;

/** What a sender gave for one record: a parsed value, or why there is none. */
export type IngestItem = { readonly value: unknown } | { readonly rejected: string };

export interface RecordResult {
  /** Null when the record has none that can be read. */
  readonly externalId: string | null;
  /** Null when the record was rejected. */
  readonly sessionId: number | null;
  readonly status: 'created' | 'updated' | 'unchanged' | 'rejected';
  /** Why a record was rejected. */
  readonly detail?: string;
  /** How many activities the record added. */
  readonly activities: number;
}

const NOT_YOUR_CLIENT = 'clientGuid is not one of the clients that the key is limited to.';

type Checked = { readonly record: NormalisedRecord } | { readonly externalId: string | null; readonly detail: string };

/** Takes session records in (contract, section 4), for every way by which they come. */
@Injectable()
export class IngestService {
  private readonly zone: TimeZone;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(IngestRepository) private readonly repository: IngestRepository,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.zone = new TimeZone(config.API_TIME_ZONE);
  }

  /**
   * Applies one batch in one transaction: when it returns, the batch is durable; when it throws, nothing of it was applied.
   *
   * @param items at most MAX_BATCH
   * @param rowScope clients, by guid, whose sessions may be written; null = all
   * @returns one result an item, in their order
   * @throws RangeError when there are more; errors of the database that another run did not cure
   */
  async ingest(items: readonly IngestItem[], rowScope: RowScope): Promise<RecordResult[]> {
    if (items.length > MAX_BATCH) throw new RangeError(`A batch has at most ${MAX_BATCH} records.`);
    const allowed = rowScope === null ? null : new Set(rowScope);
    const checked = items.map((item) => this.check(item, allowed));
    const records = checked.flatMap((c) => ('record' in c ? [c.record] : []));
    const results =
      records.length === 0 ? [] : await this.transactions.run((tx) => this.apply(this.repository.within(tx), records));
    const next = results.values();
    return checked.map((c) => ('record' in c ? (next.next().value as RecordResult) : rejected(c.externalId, c.detail)));
  }

  private check(item: IngestItem, allowed: ReadonlySet<string> | null): Checked {
    if ('rejected' in item) return { externalId: null, detail: item.rejected };
    const result = validateRecord(item.value, this.zone);
    if (!('record' in result)) return { externalId: readableId(item.value), detail: result.detail };
    const { externalId, clientGuid } = result.record;
    // Before anything is looked up, so it says nothing about whether there is such a client.
    if (allowed && !allowed.has(clientGuid)) return { externalId, detail: NOT_YOUR_CLIENT };
    return result;
  }

  private async apply(
    repository: BoundIngestRepository,
    records: readonly NormalisedRecord[],
  ): Promise<RecordResult[]> {
    const known = await readKnown(repository, records);
    const plan = new IngestPlan(known);
    const outcomes = records.map((record) => plan.apply(record));
    const ids = await this.write(repository, known, plan);
    return records.map((record, i) => toResult(record, outcomes[i]!, ids));
  }

  /** @returns id of every session of the plan, by its key */
  private async write(
    repository: BoundIngestRepository,
    known: KnownState,
    plan: IngestPlan,
  ): Promise<Map<string, number>> {
    for (const [guid, name] of plan.names) await repository.renameClient(known.clients.get(guid)!.id, name);
    const created = [...plan.sessions.values()].filter((s) => !s.row);
    const ids = await this.create(repository, known, created);
    const existing = [...plan.sessions.values()].filter((s) => s.row).sort((a, b) => a.row!.id - b.row!.id);
    for (const { key, row, facts } of existing) {
      ids.set(key, row!.id);
      const ended = endOf(facts);
      if (facts !== row || ended !== row.endedAt) await repository.updateSession(row!.id, { ...facts, endedAt: ended });
    }
    await repository.addActivities(
      [...plan.sessions.values()].flatMap((s) =>
        s.added.map((activity) => ({ ...activity, sessionId: ids.get(s.key)! })),
      ),
    );
    return ids;
  }

  private async create(
    repository: BoundIngestRepository,
    known: KnownState,
    created: readonly PlannedSession[],
  ): Promise<Map<string, number>> {
    const users = await addMissingUsers(repository, known, created);
    const clientIds = new Map([...known.clients].map(([guid, { id }]) => [guid, id]));
    const rows = created.map((s) => ({
      ...{ clientId: clientIds.get(s.clientGuid)!, externalId: s.externalId, userId: users.get(s.userKey)! },
      ...{ ...s.facts, endedAt: endOf(s.facts) },
    }));
    await repository.addSessions(rows);
    return sessionsByKey(known, await repository.findSessionIds(rows), ({ id }) => id);
  }
}

/**
 * Locks what the batch touches and reads it. The clients come first and are held: whoever adds or changes a session of
 * them waits here, so what is read afterwards stays true until the end.
 */
async function readKnown(repository: BoundIngestRepository, records: readonly NormalisedRecord[]): Promise<KnownState> {
  const clients = await lockOrAddClients(repository, records);
  const found = await repository.findUsers(records.map((r) => ({ domain: r.userDomain, name: r.userName })));
  const users = new Map(found.map((u) => [userKey(u.domain, u.name), u.id]));
  const identities = records.map((r) => ({ clientId: clients.get(r.clientGuid)!.id, externalId: r.externalId }));
  const sessions = sessionsByKey({ clients }, await repository.lockSessions(identities), (row) => row);
  const moments = records.flatMap((record) => {
    const row = sessions.get(sessionKey(record.clientGuid, record.externalId));
    return row ? record.activities.map(({ at }) => ({ sessionId: row.id, at })) : [];
  });
  return { clients, users, sessions, activities: await repository.findActivities(moments) };
}

/** The first record of a client that is new is never rejected, so no client is added for nothing. */
async function lockOrAddClients(
  repository: BoundIngestRepository,
  records: readonly NormalisedRecord[],
): Promise<Map<string, ClientRow>> {
  const first = new Map<string, NormalisedRecord>();
  for (const record of records) if (!first.has(record.clientGuid)) first.set(record.clientGuid, record);
  const clients = await repository.lockClients([...first.keys()]);
  const missing = [...first.values()].filter((r) => !clients.has(r.clientGuid));
  if (missing.length === 0) return clients;
  await repository.addClients(missing.map((r) => ({ guid: r.clientGuid, name: r.clientName, nameAt: r.lastSeenAt })));
  const added = await repository.lockClients(missing.map((r) => r.clientGuid));
  return new Map([...clients, ...added]);
}

/** Users are added only for sessions that will be: a rejected record leaves nothing behind. */
async function addMissingUsers(
  repository: BoundIngestRepository,
  known: KnownState,
  created: readonly PlannedSession[],
): Promise<ReadonlyMap<string, number>> {
  const missing = new Map<string, UserName>();
  for (const { userKey: key } of created) {
    const [domain, name] = key.split('\n') as [string, string];
    if (!known.users.has(key)) missing.set(key, { domain, name });
  }
  if (missing.size === 0) return known.users;
  await repository.addUsers([...missing.values()]);
  const added = await repository.findUsers([...missing.values()]);
  return new Map([...known.users, ...added.map((u) => [userKey(u.domain, u.name), u.id] as const)]);
}

function sessionsByKey<T extends SessionIdentity, V>(
  { clients }: Pick<KnownState, 'clients'>,
  rows: readonly T[],
  value: (row: T) => V,
): Map<string, V> {
  const guids = new Map([...clients].map(([guid, { id }]) => [id, guid]));
  return new Map(rows.map((row) => [sessionKey(guids.get(row.clientId)!, row.externalId), value(row)]));
}

function toResult({ externalId }: NormalisedRecord, outcome: Outcome, ids: ReadonlyMap<string, number>): RecordResult {
  if (outcome.status === 'rejected') return rejected(externalId, outcome.detail);
  const { status, key, activities } = outcome;
  return { externalId, sessionId: ids.get(key)!, status, activities };
}

function rejected(externalId: string | null, detail: string): RecordResult {
  return { externalId, sessionId: null, status: 'rejected', detail, activities: 0 };
}

/** Returned to its sender only when it could have been a real one. */
function readableId(value: unknown): string | null {
  const id = (value as { externalId?: unknown } | null)?.externalId;
  return typeof id === 'string' && id.length <= 128 ? id : null;
}

/** Lost sessions are told by each query, so that LOST_AFTER may change from one day to the next. */
function endOf(facts: PlannedSession['facts']): string | null {
  return facts.logoutAt;
}
