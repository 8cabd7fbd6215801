import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../database/snapshots.js';
import { guidsOf } from './names.queries.js';
import { Remembered } from './remembered.js';

/** The guid of a client never changes and its id is never used again, so what was read once stays true. */
@Injectable()
export class ClientGuidsService {
  private readonly guids = new Remembered<string>('client', 250_000);

  /** @returns the guid of each of these ids, as a function of the id */
  of(ids: Iterable<number>, snapshot: Snapshot): Promise<(id: number) => string> {
    return this.guids.of(ids, (missing) => guidsOf(missing, snapshot));
  }
}
