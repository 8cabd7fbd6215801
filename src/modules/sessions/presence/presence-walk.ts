import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import { type Named, type PresenceFilter, type PresencePlace, comparePlaces, isNamedLike } from './presence.js';
import type { PresenceReader } from './presence.reader.js';
import type { PresenceKind } from './presence.repository.js';
import { bySeen } from './seen-order.js';

/** Users or clients, as one of the directories gives them on a snapshot. */
export interface Source<Entity extends Named> {
  readonly kind: PresenceKind;
  /** Whether the caller may see some of them only; they are then read at once. */
  readonly isLimited: boolean;
  /** Ids of the clients that the caller is limited to; null = all. */
  clientIds(snapshot: Snapshot): Promise<readonly number[] | null>;
  /** All that the caller may see. @param visibleUsers ids of the users that a limited caller may see; null = all */
  entities(snapshot: Snapshot, visibleUsers: readonly number[] | null): Promise<Entity[]>;
  /** The next ones in the order of (name, id), for callers that are not limited. */
  byName(
    snapshot: Snapshot,
    page: { readonly order: Order; readonly after: { name: string; id: number } | null; readonly limit: number },
  ): Promise<Entity[]>;
  /** Number of all, for callers that are not limited. */
  count(snapshot: Snapshot): Promise<number>;
}

/** A part of a list in its order. */
export interface ListPart {
  readonly places: readonly PresencePlace[];
  /** Everything up to here was examined; null = all. */
  readonly reached: PresencePlace | null;
  readonly examined: number;
}

/** Names of one statement when a filter drops some of them. */
const NAMES = 1000;

/** Walks the users or clients of a filter in their order. */
export class PresenceWalk<Entity extends Named> {
  private readonly read = new Map<number, Entity>();
  private open: Promise<Set<number>> | undefined;

  constructor(
    private readonly source: Source<Entity>,
    private readonly filter: PresenceFilter,
    private readonly reader: PresenceReader,
    private readonly snapshot: Snapshot,
  ) {}

  parts(after: PresencePlace | null, size: number): AsyncGenerator<ListPart> {
    return this.filter.sort === 'name' ? this.byName(after, size) : this.bySeen(after, size);
  }

  entitiesOf(places: readonly PresencePlace[]): Entity[] {
    return places.map(({ id }) => this.read.get(id)!);
  }

  /** Number of all that match. */
  async count(): Promise<number> {
    if (!this.isFiltered && !this.source.isLimited) return this.source.count(this.snapshot);
    let total = 0;
    for await (const entities of this.named(null, NAMES)) total += (await this.matching(entities)).length;
    return total;
  }

  private async *byName(after: PresencePlace | null, size: number): AsyncGenerator<ListPart> {
    const rows = this.isFiltered ? NAMES : Math.min(size, NAMES);
    for await (const entities of this.named(after, rows)) {
      const matching = await this.matching(entities);
      const last = entities.length < rows ? null : entities[entities.length - 1]!;
      yield { places: matching.map(placeOfName), reached: last && placeOfName(last), examined: entities.length };
    }
  }

  /** Lower bounds of all are needed to find those of a page. */
  private async *bySeen(after: PresencePlace | null, size: number): AsyncGenerator<ListPart> {
    const matching = await this.matching(await this.everything());
    const ids = matching.map(({ id }) => id);
    for await (const places of bySeen(ids, { order: this.filter.order, after, chunk: size }, this.reader))
      yield { places, reached: null, examined: 0 };
  }

  private async *named(after: PresencePlace | null, limit: number): AsyncGenerator<Entity[]> {
    const { order } = this.filter;
    if (this.source.isLimited) return yield* this.visible(after, limit);
    for (let last = after; ;) {
      const page = { order, after: last && { name: last.key, id: last.id }, limit };
      const entities = await this.source.byName(this.snapshot, page);
      this.remember(entities);
      if (entities.length > 0) yield entities;
      if (entities.length < limit) return;
      last = placeOfName(entities[entities.length - 1]!);
    }
  }

  private async *visible(after: PresencePlace | null, limit: number): AsyncGenerator<Entity[]> {
    const { order } = this.filter;
    const all = (await this.everything())
      .filter((entity) => after === null || comparePlaces(placeOfName(entity), after, order) > 0)
      .sort((a, b) => comparePlaces(placeOfName(a), placeOfName(b), order));
    for (let from = 0; from < all.length; from += limit) yield all.slice(from, from + limit);
  }

  private async everything(): Promise<Entity[]> {
    const entities = await this.source.entities(this.snapshot, await this.reader.visibleUsers());
    this.remember(entities);
    return entities;
  }

  private remember(entities: readonly Entity[]): void {
    for (const entity of entities) this.read.set(entity.id, entity);
  }

  private get isFiltered(): boolean {
    return this.filter.q !== undefined || this.filter.lastSeenBefore !== undefined;
  }

  private async matching(entities: readonly Entity[]): Promise<Entity[]> {
    const { q, lastSeenBefore } = this.filter;
    const named = entities.filter((entity) => isNamedLike(entity, q));
    if (lastSeenBefore === undefined) return named;
    const bounds = await this.reader.bounds(named.map(({ id }) => id));
    // A session that began earlier than the latest one may have ended later.
    this.open ??= this.reader.openAt(lastSeenBefore);
    const open = await this.open;
    return named.filter(({ id }) => !open.has(id) && (bounds.get(id) ?? '') < lastSeenBefore);
  }
}

function placeOfName({ name, id }: Named): PresencePlace {
  return { key: name, id };
}
