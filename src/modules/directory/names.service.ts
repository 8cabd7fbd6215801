import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { accountsOf, clientNamesOf } from './names.queries.js';
import { type Ids, Remembered } from './remembered.js';
import { userNameText } from './user-name.js';

/** The names behind ids, for answers that show both. */
@Injectable()
export class NamesService {
  /** A user never changes its domain or name, so what was read once stays true. */
  private readonly userNames = new Remembered<string>('user', 100_000);

  /** @returns the name of each of these users, as a function of the id */
  users(ids: Ids, snapshot: Snapshot): Promise<(id: number) => string> {
    return this.userNames.of(ids, async (missing) => {
      const accounts = await accountsOf(missing, snapshot);
      return new Map(accounts.map(([id, domain, name]) => [id, userNameText(domain, name)]));
    });
  }

  /** The name of a client changes, so it is that of the snapshot. @returns as above */
  async clients(ids: Ids, snapshot: Snapshot): Promise<(id: number) => { guid: string; name: string }> {
    const clients = await clientNamesOf([...new Set(ids)], snapshot);
    return (id) => {
      const client = clients.get(id);
      if (client === undefined) throw new Error(`There is no client ${id}.`);
      return client;
    };
  }
}
