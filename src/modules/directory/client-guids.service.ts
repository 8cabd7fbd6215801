import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../database/snapshots.js';

/** So many guids are remembered; a fleet of more machines is read again from time to time. */
const MAX_REMEMBERED = 250_000;
const PER_STATEMENT = 1000;

/** The guid of a client never changes and its id is never used again, so what was read once stays true. */
@Injectable()
export class ClientGuidsService {
  private readonly guids = new Map<number, string>();

  /** @returns the guid of each of these ids, as a function of the id */
  async of(ids: Iterable<number>, snapshot: Snapshot): Promise<(id: number) => string> {
    const missing = new Set<number>();
    for (const id of ids) if (!this.guids.has(id)) missing.add(id);
    if (missing.size > 0) await this.read([...missing], snapshot);
    return (id) => {
      const guid = this.guids.get(id);
      if (guid === undefined) throw new Error(`There is no client ${id}.`);
      return guid;
    };
  }

  private async read(ids: readonly number[], snapshot: Snapshot): Promise<void> {
    if (this.guids.size + ids.length > MAX_REMEMBERED) this.guids.clear();
    for (let from = 0; from < ids.length; from += PER_STATEMENT) {
      const part = ids.slice(from, from + PER_STATEMENT);
      const rows = await snapshot.rows(`SELECT id, guid FROM clients WHERE id IN (${part.join(', ')})`);
      for (const [id, guid] of rows as [number, string][]) this.guids.set(id, guid);
    }
  }
}
