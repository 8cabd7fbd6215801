import { Inject, Injectable } from '@nestjs/common';
import type { RowScope } from '../../platform/http/caller.js';
import { type Snapshot, Snapshots } from '../../platform/database/snapshots/snapshots.js';
import {
  type ClientRow,
  type UserRow,
  clientsAfter,
  clientsAmong,
  userIdsOn,
  usersAfter,
} from './directory.queries.js';
import type { ClientResponse } from './dto/client.response.js';
import type { UserResponse } from './dto/user.response.js';
import { accountsOf } from './names.queries.js';
import { userNameText } from './user-name.js';

const PAGE = 2000;

/** Whom and what ids stand for, as far as a caller may know. */
@Injectable()
export class DirectoryListsService {
  constructor(@Inject(Snapshots) private readonly snapshots: Snapshots) {}

  /** The clients a caller may see, by guid, a page at a time, from one snapshot. */
  async *clients(rowScope: RowScope, signal: AbortSignal): AsyncGenerator<ClientResponse[]> {
    for await (const rows of this.pages((snapshot) => clientPages(rowScope, snapshot), signal))
      yield rows.map(([clientGuid, clientName]) => ({ clientGuid, clientName }));
  }

  /** The users, or those that have a session on a client that the caller may see, by id. */
  async *users(rowScope: RowScope, signal: AbortSignal): AsyncGenerator<UserResponse[]> {
    for await (const rows of this.pages((snapshot) => userPages(rowScope, snapshot), signal))
      yield rows.map(([userId, domain, name]) => ({ userId, userName: userNameText(domain, name), domain, name }));
  }

  private async *pages<Row>(
    read: (snapshot: Snapshot) => AsyncGenerator<Row[]>,
    signal: AbortSignal,
  ): AsyncGenerator<Row[]> {
    const snapshot = await this.snapshots.open(signal);
    try {
      yield* read(snapshot);
    } finally {
      await snapshot.release();
    }
  }
}

async function* clientPages(rowScope: RowScope, snapshot: Snapshot): AsyncGenerator<ClientRow[]> {
  if (rowScope !== null) return yield await clientsAmong(rowScope, snapshot);
  yield* keyset('', (after) => clientsAfter(after, PAGE, snapshot));
}

async function* userPages(rowScope: RowScope, snapshot: Snapshot): AsyncGenerator<UserRow[]> {
  if (rowScope === null) return yield* keyset(0, (after) => usersAfter(after, PAGE, snapshot));
  const ids = await userIdsOn(rowScope, snapshot);
  for (let from = 0; from < ids.length; from += PAGE) {
    const rows = await accountsOf(ids.slice(from, from + PAGE), snapshot);
    yield rows.sort(([a], [b]) => a - b);
  }
}

/** Page after page, each from the key of the last row before; the key is the first column. */
async function* keyset<Key, Row extends readonly [Key, ...unknown[]]>(
  first: Key,
  read: (after: Key) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let after = first;
  for (let rows = await read(after); rows.length > 0; rows = await read(after)) {
    yield rows;
    after = rows[rows.length - 1]![0];
  }
}
