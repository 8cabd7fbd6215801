import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../database/snapshots.js';

/** About so many clients are remembered; a larger fleet is read again from time to time. */
const MAX_REMEMBERED = 250_000;
const PER_STATEMENT = 1000;

/** The guid of a client never changes and its id is never used again, so what was read once stays true. */
@Injectable()
export class ClientGuidsService {
  private readonly guids = new Map<number, string>();
  private readonly texts = new Map<(guid: string) => Buffer, Map<number, Buffer>>();

  /** @returns the guid of each of these ids, as a function of the id */
  async of(ids: Iterable<number>, snapshot: Snapshot): Promise<(id: number) => string> {
    await this.remember(this.guids, ids, snapshot, (guid) => guid);
    return this.found(this.guids);
  }

  /**
   * The same for the bytes that stand for a guid in some answer, made once a client.
   *
   * @param make a constant function: its results are remembered under it
   */
  async textOf(
    ids: Iterable<number>,
    snapshot: Snapshot,
    make: (guid: string) => Buffer,
  ): Promise<(id: number) => Buffer> {
    const texts = this.texts.get(make) ?? new Map<number, Buffer>();
    this.texts.set(make, texts);
    await this.remember(texts, ids, snapshot, make);
    return this.found(texts);
  }

  private found<T>(known: ReadonlyMap<number, T>): (id: number) => T {
    return (id) => {
      const value = known.get(id);
      if (value === undefined) throw new Error(`There is no client ${id}.`);
      return value;
    };
  }

  private async remember<T>(
    known: Map<number, T>,
    ids: Iterable<number>,
    snapshot: Snapshot,
    make: (guid: string) => T,
  ): Promise<void> {
    if (known.size > MAX_REMEMBERED) known.clear();
    const missing = new Set<number>();
    for (const id of ids) if (!known.has(id)) missing.add(id);
    const all = [...missing];
    for (let from = 0; from < all.length; from += PER_STATEMENT) {
      const part = all.slice(from, from + PER_STATEMENT).join(', ');
      const rows = await snapshot.rows(`SELECT id, guid FROM clients WHERE id IN (${part})`);
      for (const [id, guid] of rows as [number, string][]) known.set(id, make(guid));
    }
  }
}
