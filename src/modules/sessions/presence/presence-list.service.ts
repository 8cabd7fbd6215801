import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { ReadRouting } from '../../../platform/database/replicas/read-routing.js';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { SessionsRepository } from '../sessions.repository.js';
import type { Named, Presence, PresenceFilter, PresencePlace } from './presence.js';
import { type ListPart, PresenceWalk, type Source } from './presence-walk.js';
import { PresenceReader } from './presence.reader.js';
import { PresenceRepository } from './presence.repository.js';

/** Users or clients of one part of a file. */
const FILE_PART = 500;
/** Names that one page examines at most. */
const MAX_EXAMINED = 20_000;

export interface PageRequest {
  readonly after: PresencePlace | null;
  readonly limit: number;
  readonly countsAll: boolean;
}

export interface PresentPage<Entity> {
  readonly items: readonly (Entity & Presence)[];
  readonly next: PresencePlace | null;
  /** Number of all that match, if it was asked for. */
  readonly total?: number;
}

/** Lists users or clients page by page, or all of them, each time from one snapshot (ADR 41). */
@Injectable()
export class PresenceListService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(PresenceRepository) private readonly repository: PresenceRepository,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  async page<Entity extends Named>(
    source: Source<Entity>,
    filter: PresenceFilter,
    { after, limit, countsAll }: PageRequest,
    signal: AbortSignal,
  ): Promise<PresentPage<Entity>> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const reader = await this.reader(source, snapshot);
      const walk = new PresenceWalk(source, filter, reader, snapshot);
      const { places, next } = await collect(walk.parts(after, limit + 1), limit);
      const items = await withPresence(await walk.entitiesOf(places), reader);
      return { items, next, ...(countsAll && { total: await walk.count() }) };
    } finally {
      await snapshot.release();
    }
  }

  async *all<Entity extends Named>(
    source: Source<Entity>,
    filter: PresenceFilter,
    after: PresencePlace | null,
    signal: AbortSignal,
  ): AsyncGenerator<(Entity & Presence)[]> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const reader = await this.reader(source, snapshot);
      const walk = new PresenceWalk(source, filter, reader, snapshot);
      for await (const { places } of walk.parts(after, FILE_PART))
        if (places.length > 0) yield await withPresence(await walk.entitiesOf(places), reader);
    } finally {
      await snapshot.release();
    }
  }

  /**
   * The one with this id; null when it does not exist or may not be seen, which takes the same steps. It may follow an ingestion,
   * so the writer answers.
   */
  async one<Entity extends Named>(
    source: Source<Entity>,
    isWanted: (entity: Entity) => boolean,
    signal: AbortSignal,
  ): Promise<(Entity & Presence) | null> {
    ReadRouting.requireWriter();
    const snapshot = await this.snapshots.open(signal);
    try {
      const reader = await this.reader(source, snapshot);
      const entities = await source.entities(snapshot, await reader.visibleUsers());
      const [found] = await withPresence(entities.filter(isWanted), reader);
      return found ?? null;
    } finally {
      await snapshot.release();
    }
  }

  private async reader<Entity extends Named>(source: Source<Entity>, snapshot: Snapshot): Promise<PresenceReader> {
    const { lostAfterMs } = this.config;
    const lostBefore = lostAfterMs === null ? null : toInstantText(Math.max(0, this.clock.nowMs() - lostAfterMs));
    const selection = { clientIds: await source.clientIds(snapshot), lostBefore };
    return new PresenceReader(this.repository, this.sessions, snapshot, source.kind, selection);
  }
}

/** Collects one page; ends early after a bounded amount of work. */
async function collect(
  parts: AsyncGenerator<ListPart>,
  limit: number,
): Promise<{ places: readonly PresencePlace[]; next: PresencePlace | null }> {
  const places: PresencePlace[] = [];
  let examinedAll = 0;
  for await (const { places: found, reached, examined } of parts) {
    places.push(...found);
    examinedAll += examined;
    // One more than the page holds shows whether there is another page.
    if (places.length > limit) return { places: places.slice(0, limit), next: places[limit - 1]! };
    if (examinedAll >= MAX_EXAMINED && reached !== null) return { places, next: reached };
  }
  return { places, next: null };
}

async function withPresence<Entity extends Named>(
  entities: readonly Entity[],
  reader: PresenceReader,
): Promise<(Entity & Presence)[]> {
  const presence = await reader.presence(entities.map(({ id }) => id));
  return entities.map((entity) => ({ ...entity, ...presence.get(entity.id)! }));
}
