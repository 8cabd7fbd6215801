import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../database/snapshots.js';
import { clientNamesOf } from './names.queries.js';
import { Remembered } from './remembered.js';

/** About 40 MB of guids; a larger fleet is read again from time to time. */
const MAX_REMEMBERED = 250_000;

/** The guid of a client never changes and its id is never used again, so what was read once stays true. */
@Injectable()
export class ClientGuidsService {
  private readonly texts = new Map<(guid: string) => Buffer, Remembered<Buffer>>();

  /**
   * The bytes that stand for a guid in some answer, made once a client.
   *
   * @param make a constant function: its results are remembered under it
   * @returns the bytes of each of these ids, as a function of the id
   */
  textOf(ids: Iterable<number>, snapshot: Snapshot, make: (guid: string) => Buffer): Promise<(id: number) => Buffer> {
    const texts = this.texts.get(make) ?? new Remembered<Buffer>('client', MAX_REMEMBERED);
    this.texts.set(make, texts);
    return texts.of(ids, async (missing) => {
      const clients = await clientNamesOf(missing, snapshot);
      return new Map([...clients].map(([id, { guid }]) => [id, make(guid)]));
    });
  }
}
