import { Inject, Injectable } from '@nestjs/common';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { groupBy } from '../../../platform/collections/group-by.js';
import { Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import type { Change } from '../../changes/log/change-entry.js';
import { changeKindCode } from '../../changes/port/change-kind.js';
import { SessionContentsRepository, type StoredContent } from '../../sessions/changes/session-contents.repository.js';
import type { ChangeFault } from './change-fault.js';
import { type ComparedSession, type LoggedVersion, checkSession, isOlder } from './session-check.js';
import { type StoredEntry, hasItsLeaf } from './stored-entry.js';
import { type SessionFilter, StoredSessionsRepository } from './stored-sessions.repository.js';
import { VerificationRepository } from './verification.repository.js';

const SESSIONS = 500;
/** Entries of a page. A single session with more of them is a page by itself. */
const ENTRIES = 20_000;
/** Sessions whose activities are in memory at the same time. */
const WITH_ACTIVITIES = 50;
const MAX_ID = 2 ** 31 - 1;

export interface SessionsStep {
  /** All sessions up to this id are verified; null after the last page. */
  readonly upTo: number | null;
  readonly lastId: number;
  readonly sessions: number;
  /** Sessions that are older than the log, and not in it yet. */
  readonly older: number;
  readonly faults: readonly ChangeFault[];
}

interface Page {
  readonly upTo: number;
  readonly ids: readonly number[];
  readonly entries: readonly StoredEntry[];
}

/** Compares sessions and activities with the log. Each page has a new snapshot. */
@Injectable()
export class SessionsVerificationService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(VerificationRepository) private readonly log: VerificationRepository,
    @Inject(StoredSessionsRepository) private readonly stored: StoredSessionsRepository,
    @Inject(SessionContentsRepository) private readonly contents: SessionContentsRepository,
  ) {}

  /** @param after id of a session. With a filter, sessions that are only in the log are left out. */
  async *verify(after: number, filter: SessionFilter, signal: AbortSignal): AsyncGenerator<SessionsStep> {
    for (let at: number | null = after; at !== null;) {
      const snapshot = await this.snapshots.open(signal);
      try {
        const step = await this.step(snapshot, at, filter);
        yield step;
        at = step.upTo;
      } finally {
        await snapshot.release();
      }
    }
  }

  private async step(rows: RowReader, after: number, filter: SessionFilter): Promise<SessionsStep> {
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    const page = await this.page(rows, after, filter, isFiltered);
    const versions = new Map<number, LoggedVersion[]>();
    const add = (id: number, version: LoggedVersion): void =>
      void (versions.get(id)?.push(version) ?? versions.set(id, [version]));
    for (const entry of page.entries) add(entry.sessionId, entry);
    for (const change of await this.log.pending(rows))
      if (change.sessionId > after && change.sessionId <= page.upTo) add(change.sessionId, pendingVersion(change));
    const wanted = isFiltered ? page.ids : [...new Set([...page.ids, ...versions.keys()])];
    const faults = isFiltered ? page.entries.filter((entry) => !hasItsLeaf(entry)).map(altered) : [];
    let older = 0;
    const { position, upTo } = await this.stored.older(rows);
    const canBeOlder = (id: number): boolean => upTo === null || (id > position && id <= upTo);
    for (let i = 0; i < wanted.length; i += WITH_ACTIVITIES)
      for (const session of await this.compared(rows, wanted.slice(i, i + WITH_ACTIVITIES), versions, canBeOlder)) {
        faults.push(...checkSession(session));
        if (isOlder(session)) older++;
      }
    if (!isFiltered) faults.push(...(await this.stored.withoutSession(rows, after, page.upTo)).map(orphan));
    const lastId = await this.stored.lastId(rows);
    return { upTo: page.upTo < MAX_ID ? page.upTo : null, lastId, sessions: page.ids.length, older, faults };
  }

  private async page(rows: RowReader, after: number, filter: SessionFilter, isFiltered: boolean): Promise<Page> {
    const ids = await this.stored.ids(rows, after, SESSIONS, filter);
    const last = ids.length < SESSIONS ? MAX_ID : ids.at(-1)!;
    if (isFiltered) return { upTo: last, ids, entries: await this.log.ofIds(rows, ids) };
    const entries = await this.log.ofSessions(rows, after, last, ENTRIES + 1);
    const cut = entries[ENTRIES]?.sessionId;
    if (cut === undefined) return { upTo: last, ids, entries };
    if (cut - 1 > after) {
      const isBefore = (id: number): boolean => id < cut;
      return {
        upTo: cut - 1,
        ids: ids.filter(isBefore),
        entries: entries.filter(({ sessionId }) => isBefore(sessionId)),
      };
    }
    const all = await this.log.ofSessions(rows, after, cut, MAX_ID);
    return { upTo: cut, ids: ids.filter((id) => id === cut), entries: all };
  }

  private async compared(
    rows: RowReader,
    ids: readonly number[],
    versions: ReadonlyMap<number, readonly LoggedVersion[]>,
    canBeOlder: (id: number) => boolean,
  ): Promise<ComparedSession[]> {
    const contents = await this.contentsOf(rows, ids);
    const activities = groupBy(await this.contents.activitiesOf(rows, ids), ({ sessionId }) => sessionId);
    return ids.map((sessionId) => ({
      sessionId,
      content: contents.get(sessionId) ?? null,
      versions: versions.get(sessionId) ?? [],
      activities: activities.get(sessionId) ?? [],
      canBeOlder: canBeOlder(sessionId),
    }));
  }

  private async contentsOf(
    rows: RowReader,
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, StoredContent | 'unreadable'>> {
    try {
      return new Map((await this.contents.sessions(rows, ids)).map((content) => [content.sessionId, content]));
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      const [only, ...others] = ids;
      if (others.length === 0) return new Map([[only!, 'unreadable']]);
      const found = new Map<number, StoredContent | 'unreadable'>();
      for (const one of ids) for (const [id, content] of await this.contentsOf(rows, [one])) found.set(id, content);
      return found;
    }
  }
}

function pendingVersion({ kind, version, clientId, sessionHash, activities, activitiesHash }: Change): LoggedVersion {
  return { kindCode: changeKindCode(kind), version, clientId, sessionHash, activities, activitiesHash };
}

function altered({ seq, sessionId, version }: StoredEntry): ChangeFault {
  const detail = `Entry ${seq} (session ${sessionId}, version ${version}) was altered: its leaf is not its hash.`;
  return { kind: 'entry-altered', seq, sessionId, version, detail };
}

function orphan(sessionId: number): ChangeFault {
  return {
    kind: 'activities-added',
    sessionId,
    detail: `There are activities of session ${sessionId}, which is not in the table.`,
  };
}
