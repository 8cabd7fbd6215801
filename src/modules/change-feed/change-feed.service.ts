import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, Snapshots } from '../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../platform/http/caller.js';
import { ProblemError } from '../../platform/http/problems/problem.js';
import { invalidParameters } from '../../platform/http/validation/faults.js';
import type { Release } from '../../platform/limits/concurrency-limiter.js';
import { Clock } from '../../platform/time/clock.js';
import type { ChangeKind } from '../changes/port/change-kind.js';
import { SessionSearchService } from '../sessions/search/session-search.service.js';
import { SessionViewsService } from '../sessions/search/session-views.service.js';
import { ChangeFeedRepository, type FeedEntry, type LogSize } from './change-feed.repository.js';
import type { FeedItem } from './dto/changes.response.js';
import './change-feed.problems.js';

/** Entries of one statement, and those that one answer examines at most when its filter leaves most of them out. */
const SCAN = 1000;
const MAX_SCAN = 20_000;

/** What a caller asks for. */
export interface FeedQuestion {
  /** The place after which to begin; 0 = at the first entry. */
  readonly after: number;
  readonly limit: number;
  readonly kinds: readonly ChangeKind[] | null;
  /** Guids. */
  readonly clients: readonly string[] | null;
  readonly rowScope: RowScope;
}

export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** The place after which the next request begins: it also passes entries that the filter left out. */
  readonly next: number;
  /** Whether the log had no entry after `next`. */
  readonly caughtUp: boolean;
}

/** Reads the changes of sessions in the order of the log, each time from one snapshot. */
@Injectable()
export class ChangeFeedService {
  private readonly running = new Map<string, Promise<FeedPage>>();

  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(ChangeFeedRepository) private readonly feed: ChangeFeedRepository,
    @Inject(SessionSearchService) private readonly search: SessionSearchService,
    @Inject(SessionViewsService) private readonly views: SessionViewsService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Callers who ask the same at the same time share one answer: many readers may wait for one change.
   *
   * @param turn waits until it is the turn of the caller
   * @throws ProblemError `position-removed`; `invalid-parameter` for a place that the log does not have yet
   */
  async page(question: FeedQuestion, turn: () => Promise<Release>): Promise<FeedPage> {
    const key = JSON.stringify(question);
    const running = this.running.get(key) ?? this.readInTurn(question, turn).finally(() => this.running.delete(key));
    this.running.set(key, running);
    return running;
  }

  private async readInTurn(question: FeedQuestion, turn: () => Promise<Release>): Promise<FeedPage> {
    const release = await turn();
    return this.read(question).finally(release);
  }

  private async read(question: FeedQuestion): Promise<FeedPage> {
    // No caller's signal: others may share the answer, and its work is bounded.
    const snapshot = await this.snapshots.open(new AbortController().signal);
    try {
      const log = await this.feed.size(snapshot);
      requirePlace(question.after, log);
      const { clients: clientGuids, rowScope } = question;
      const window = { start: null, end: null };
      const filter = { window, isInstant: false, ...(clientGuids && { clientGuids }) };
      const selection = await this.search.select(filter, rowScope, this.clock.nowMs(), snapshot);
      const { found, next } = await this.collect(question, selection.clientIds, log, snapshot);
      const ids = [...new Set(found.map(({ sessionId }) => sessionId))];
      const sessions = [...(await this.search.byId(ids, selection, snapshot)).values()];
      const shown = await this.views.viewer(selection, snapshot)(sessions);
      const byId = new Map(shown.map(({ response }) => [response.sessionId, response]));
      const items = found.map(({ seq, kind, at, sessionId, version }) => {
        return { seq, kind, at: this.views.instant(at), sessionId, version, session: byId.get(sessionId) ?? null };
      });
      return { items, next, caughtUp: next === log.size };
    } finally {
      await snapshot.release();
    }
  }

  private async collect(
    { after, limit, kinds }: FeedQuestion,
    clientIds: readonly number[] | null,
    { size }: LogSize,
    snapshot: Snapshot,
  ): Promise<{ found: FeedEntry[]; next: number }> {
    const clients = clientIds && new Set(clientIds);
    const isWanted = (entry: FeedEntry) =>
      (kinds === null || kinds.includes(entry.kind)) && (clients === null || clients.has(entry.clientId));
    const isFiltered = kinds !== null || clients !== null;
    const found: FeedEntry[] = [];
    let next = after;
    while (next < size && next - after < MAX_SCAN) {
      const entries = await this.feed.after(snapshot, next, isFiltered ? SCAN : limit);
      if (entries.length === 0) {
        if (found.length === 0) throw missing(next + 1);
        return { found, next };
      }
      for (const entry of entries) {
        next = entry.seq;
        if (isWanted(entry)) found.push(entry);
        if (found.length === limit) return { found, next };
      }
    }
    return { found, next };
  }
}

function requirePlace(after: number, { size, removed }: LogSize): void {
  if (after < removed) {
    const detail = `Entries up to place ${removed} were removed. Copy the sessions anew, then continue with after=${removed}.`;
    throw new ProblemError('position-removed', detail);
  }
  if (after > size)
    throw invalidParameters([{ parameter: 'after', detail: `is ${after}, and the log has ${size} entries` }]);
}

/** On a replica the place may still arrive; on the server itself somebody deleted it. */
function missing(place: number): ProblemError {
  const detail = `Place ${place} of the change log cannot be read yet. If this remains so, verify the log.`;
  return new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' } });
}
