import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../../platform/http/caller.js';
import type { ItemEncoder } from '../../../platform/http/streaming/text-chunks.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import { Clock } from '../../../platform/time/clock.js';
import type { Position } from '../windows/session-row.js';
import type { ShownSession } from './shown-session.js';
import type { FoundSession } from './walk/found-session.js';
import type { SearchSelection } from './search-selection.service.js';
import { SessionSearchService } from './session-search.service.js';
import type { SessionFilter } from './session-filter.js';
import { MAX_ENTRIES, type Walk } from './walk/walk.js';
import { SessionViewsService } from './session-views.service.js';

/** Sessions of one part of a file. */
const FILE_PAGE = 500;

/** What a caller asks for. */
export interface SessionQuestion {
  readonly filter: SessionFilter;
  readonly order: Order;
  readonly rowScope: RowScope;
}

export interface PageRequest {
  readonly after: Position | null;
  readonly limit: number;
  readonly countsAll: boolean;
}

export interface SessionPage {
  readonly items: readonly ShownSession[];
  /** The next page begins after this position; null = there is no next page. */
  readonly next: Position | null;
  /** Number of all sessions of the question, if it was asked for. */
  readonly total?: number;
}

interface OpenSearch {
  readonly walk: Walk;
  readonly selection: SearchSelection;
  readonly snapshot: Snapshot;
}

/** Lists sessions page by page, or all of them, each time from one snapshot. */
@Injectable()
export class SessionListService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionSearchService) private readonly search: SessionSearchService,
    @Inject(SessionViewsService) private readonly views: SessionViewsService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** One page. It is short when only a few of many examined sessions match. */
  async page(question: SessionQuestion, request: PageRequest, signal: AbortSignal): Promise<SessionPage> {
    const search = await this.open(question, signal);
    try {
      const { found, next } = await collect(search.walk, request);
      const items = await this.views.viewer(search.selection, search.snapshot)(found);
      return { items, next, ...(request.countsAll && { total: await search.walk.count() }) };
    } finally {
      await search.snapshot.release();
    }
  }

  get encoder(): ItemEncoder<ShownSession> {
    return this.views.encoder;
  }

  /** All sessions of a question after a position. */
  async *all(question: SessionQuestion, after: Position | null, signal: AbortSignal): AsyncGenerator<ShownSession[]> {
    const { walk, selection, snapshot } = await this.open(question, signal);
    try {
      const view = this.views.viewer(selection, snapshot);
      const steps = walk.steps(after, FILE_PAGE);
      let step = await steps.next();
      while (!step.done) {
        const { sessions, crossing } = step.value;
        const items = sessions.length > 0 ? await view(sessions, crossing) : [];
        // The database works on the next part while this one is encoded and sent.
        const next = steps.next();
        next.catch(() => undefined);
        if (items.length > 0) yield items;
        step = await next;
      }
    } finally {
      await snapshot.release();
    }
  }

  private async open({ filter, order, rowScope }: SessionQuestion, signal: AbortSignal): Promise<OpenSearch> {
    const nowMs = this.clock.nowMs();
    const snapshot = await this.snapshots.open(signal);
    try {
      const selection = await this.search.select(filter, rowScope, nowMs, snapshot);
      return { walk: this.search.walk({ snapshot, selection, order }), selection, snapshot };
    } catch (error) {
      await snapshot.release();
      throw error;
    }
  }
}

/** Collects one page; ends early after a bounded amount of work. */
async function collect(
  walk: Walk,
  { after, limit }: PageRequest,
): Promise<{ found: FoundSession[]; next: Position | null }> {
  const found: FoundSession[] = [];
  let examinedAll = 0;
  // One session more than the page holds shows whether there is another page.
  for await (const { sessions, reached, examined } of walk.steps(after, limit + 1)) {
    found.push(...sessions);
    examinedAll += examined;
    if (found.length > limit) {
      const { login, id } = found[limit - 1]!;
      return { found: found.slice(0, limit), next: { login, id } };
    }
    if (examinedAll >= MAX_ENTRIES && reached !== null) return { found, next: reached };
  }
  return { found, next: null };
}
