import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { clientNamesOf } from './names.queries.js';
import { type Ids, Remembered } from './remembered.js';

/** About 100 MB of forms; a larger fleet is read again from time to time. */
const MAX_REMEMBERED = 250_000;

/** The guid of a client never changes and its id is never used again, so what was read once stays true. */
@Injectable()
export class ClientGuidsService {
  private readonly forms = new Map<unknown, Remembered<unknown>>();

  /**
   * What stands for a guid in some answer, made once a client.
   *
   * @param make a constant function: its results are remembered under it
   * @returns the form of each of these ids, as a function of the id
   */
  formOf<Form>(ids: Ids, snapshot: Snapshot, make: (guid: string) => Form): Promise<(id: number) => Form> {
    const forms =
      (this.forms.get(make) as Remembered<Form> | undefined) ?? new Remembered<Form>('client', MAX_REMEMBERED);
    this.forms.set(make, forms);
    return forms.of(ids, async (missing) => {
      const clients = await clientNamesOf(missing, snapshot);
      return new Map([...clients].map(([id, { guid }]) => [id, make(guid)]));
    });
  }
}
