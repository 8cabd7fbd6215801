import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { type Snapshot, Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { Clock } from '../../../platform/time/clock.js';
import { SessionsRepository } from '../sessions.repository.js';
import {
  type Named,
  type Presence,
  type PresenceFilter,
  type PresencePlace,
  comparePlaces,
  isNamedLike,
} from './presence.js';
import { PresenceReader } from './presence.reader.js';
import { type PresenceKind, PresenceRepository } from './presence.repository.js';

const FILE_PAGE = 500;

/** Users or clients, as one of the directories gives them on a snapshot. */
export interface Source<Entity extends Named> {
  readonly kind: PresenceKind;
  /** Ids of the clients that the caller is limited to; null = all. */
  clientIds(snapshot: Snapshot): Promise<readonly number[] | null>;
  /** @param visibleUsers ids of the users that a limited caller may see; null = all */
  entities(snapshot: Snapshot, visibleUsers: readonly number[] | null): Promise<Entity[]>;
}

export interface PresentPage<Entity> {
  readonly items: readonly (Entity & Presence)[];
  readonly next: PresencePlace | null;
  readonly total: number;
}

interface Placed<Entity> extends PresencePlace {
  readonly entity: Entity;
}

/**
 * Lists users or clients. There are few of them compared with sessions, so all names are read and compared here; what is
 * derived from sessions is looked up for one page, or for all of them when the list is sorted or filtered by it (ADR 41).
 */
@Injectable()
export class PresenceListService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(PresenceRepository) private readonly repository: PresenceRepository,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  page<Entity extends Named>(
    source: Source<Entity>,
    filter: PresenceFilter,
    { after, limit }: { readonly after: PresencePlace | null; readonly limit: number },
    signal: AbortSignal,
  ): Promise<PresentPage<Entity>> {
    return this.onSnapshot(source, signal, async (reader, snapshot) => {
      const all = await placed(source, filter, reader, snapshot);
      const rest = all.filter((place) => after === null || comparePlaces(place, after, filter.order) > 0);
      const shown = rest.slice(0, limit);
      const last = rest.length > limit ? shown[shown.length - 1]! : null;
      const items = await withPresence(shown, reader);
      return { items, next: last && { key: last.key, id: last.id }, total: all.length };
    });
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
      const all = await placed(source, filter, reader, snapshot);
      const rest = all.filter((place) => after === null || comparePlaces(place, after, filter.order) > 0);
      for (let from = 0; from < rest.length; from += FILE_PAGE)
        yield await withPresence(rest.slice(from, from + FILE_PAGE), reader);
    } finally {
      await snapshot.release();
    }
  }

  /** The one with this id; null when it does not exist or may not be seen, which takes the same steps. */
  one<Entity extends Named>(
    source: Source<Entity>,
    isWanted: (entity: Entity) => boolean,
    signal: AbortSignal,
  ): Promise<(Entity & Presence) | null> {
    return this.onSnapshot(source, signal, async (reader, snapshot) => {
      const entities = await source.entities(snapshot, await reader.visibleUsers());
      const wanted = entities.filter(isWanted).map((entity) => ({ key: '', id: entity.id, entity }));
      const [found] = await withPresence(wanted, reader);
      return found ?? null;
    });
  }

  private async onSnapshot<Entity extends Named, T>(
    source: Source<Entity>,
    signal: AbortSignal,
    read: (reader: PresenceReader, snapshot: Snapshot) => Promise<T>,
  ): Promise<T> {
    const snapshot = await this.snapshots.open(signal);
    try {
      return await read(await this.reader(source, snapshot), snapshot);
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

/** All that match, in order. */
async function placed<Entity extends Named>(
  source: Source<Entity>,
  { q, lastSeenBefore, sort, order }: PresenceFilter,
  reader: PresenceReader,
  snapshot: Snapshot,
): Promise<Placed<Entity>[]> {
  const entities = await source.entities(snapshot, await reader.visibleUsers());
  let named = entities.filter((entity) => isNamedLike(entity, q));
  const needsTimes = sort === 'lastSeen' || lastSeenBefore !== undefined;
  const seen = needsTimes ? await reader.lastSeen(named.map(({ id }) => id)) : null;
  if (lastSeenBefore !== undefined) {
    // A session that began earlier than the latest one may have ended later.
    const open = await reader.openAt(lastSeenBefore);
    named = named.filter(({ id }) => !open.has(id) && (seen!.get(id) ?? '') < lastSeenBefore);
  }
  return named
    .map((entity) => ({ key: sort === 'name' ? entity.name : (seen!.get(entity.id) ?? ''), id: entity.id, entity }))
    .sort((a, b) => comparePlaces(a, b, order));
}

async function withPresence<Entity extends Named>(
  places: readonly Placed<Entity>[],
  reader: PresenceReader,
): Promise<(Entity & Presence)[]> {
  const presence = await reader.presence(places.map(({ id }) => id));
  return places.map(({ id, entity }) => ({ ...entity, ...presence.get(id)! }));
}
