import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { TIMELINE_LIMITS } from '../timeline-limits.js';
import type { OwnerPage, RowOwner, RowPlace, RowSource } from './row-source.js';

/** Which owners have a row. */
export interface RowPresence {
  /** Ids of all of them, if they could be found with little work; otherwise null. */
  all(): Promise<readonly number[] | null>;
  /** Those of these ids that have a row. */
  among(ids: readonly number[]): Promise<readonly number[]>;
}

export interface RowPage {
  readonly owners: readonly RowOwner[];
  /** The next page begins after this row; null = there is none. */
  readonly next: RowPlace | null;
  /** Number of all rows, if it was asked for. */
  readonly total?: number;
}

/** With an offset, which counts rows, only the last page is short. */
export interface RowPageRequest extends OwnerPage {
  readonly countsAll: boolean;
}

/** Finds the rows of a timeline in the order of (name, id). */
export class RowList {
  /** @param only ids of the owners that can have a row; null = all */
  constructor(
    private readonly source: RowSource,
    private readonly snapshot: Snapshot,
    private readonly only: readonly number[] | null,
  ) {}

  /** Rows of all owners, also of those without a session. */
  async everybody(request: RowPageRequest): Promise<RowPage> {
    if (this.only !== null) return pageOf(await this.named(this.only), request);
    const { limit, countsAll } = request;
    const owners = await this.source.byName({ ...request, limit: limit + 1 }, this.snapshot);
    return { ...cut(owners, limit), ...(countsAll && { total: await this.source.count(this.snapshot) }) };
  }

  /** Rows of the owners with a session. */
  async present(request: RowPageRequest, presence: RowPresence): Promise<RowPage> {
    const ids = await presence.all();
    if (ids !== null) return pageOf(await this.named(ids), request);
    const { limit, offset = 0, countsAll } = request;
    const after = countsAll ? null : request.after;
    const isBounded = request.offset === undefined && !countsAll;
    const found: RowOwner[] = [];
    let examined = 0;
    for await (const owners of this.batches(after)) {
      const withSession = new Set(await presence.among(owners.map(({ id }) => id)));
      found.push(...owners.filter(({ id }) => withSession.has(id)));
      examined += owners.length;
      if (countsAll) continue;
      if (found.length > offset + limit) break;
      if (isBounded && examined >= TIMELINE_LIMITS.examined && owners.length === TIMELINE_LIMITS.owners)
        return { owners: found, next: placeOf(owners.at(-1)!) };
    }
    return countsAll ? pageOf(found, request) : cut(found.slice(offset), limit);
  }

  private async *batches(after: RowPlace | null): AsyncGenerator<readonly RowOwner[]> {
    const { owners: size } = TIMELINE_LIMITS;
    if (this.only !== null) {
      const owners = behind(await this.named(this.only), after);
      for (let from = 0; from < owners.length; from += size) yield owners.slice(from, from + size);
      return;
    }
    for (let last = after; ;) {
      const owners = await this.source.byName({ after: last, limit: size }, this.snapshot);
      if (owners.length > 0) yield owners;
      if (owners.length < size) return;
      last = placeOf(owners.at(-1)!);
    }
  }

  private async named(ids: readonly number[]): Promise<RowOwner[]> {
    return inOrder(await this.source.withIds(ids, this.snapshot));
  }
}

/** By code point, as the databases compare. */
function inOrder(owners: readonly RowOwner[]): RowOwner[] {
  return owners
    .map((owner) => ({ owner, bytes: Buffer.from(owner.name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes) || a.owner.id - b.owner.id)
    .map(({ owner }) => owner);
}

function behind(owners: readonly RowOwner[], after: RowPlace | null): readonly RowOwner[] {
  if (after === null) return owners;
  const bytes = Buffer.from(after.name);
  return owners.filter(({ name, id }) => (Buffer.compare(Buffer.from(name), bytes) || id - after.id) > 0);
}

function pageOf(owners: readonly RowOwner[], { after, offset = 0, limit, countsAll }: RowPageRequest): RowPage {
  const page = cut(behind(owners, after).slice(offset), limit);
  return { ...page, ...(countsAll && { total: owners.length }) };
}

/** One more than the page holds shows whether there is another page. */
function cut(owners: readonly RowOwner[], limit: number): RowPage {
  const page = owners.slice(0, limit);
  return { owners: page, next: owners.length > limit ? placeOf(page[limit - 1]!) : null };
}

function placeOf({ name, id }: RowOwner): RowPlace {
  return { name, id };
}
