import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, ReadSnapshots } from '../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../platform/http/caller.js';
import { type ClientRow, ClientsRepository } from './clients.repository.js';
import type { ClientResponse } from './dto/client.response.js';
import type { UserResponse } from './dto/user.response.js';
import { SessionUsers } from './port/session-users.js';
import { userNameText } from './user-name.js';
import { type UserRow, UsersRepository } from './users.repository.js';

const PAGE_ROWS = 2000;

/** Lists the clients and users that a caller may see, page by page, from one snapshot. */
@Injectable()
export class DirectoryListsService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(ClientsRepository) private readonly clientsRepository: ClientsRepository,
    @Inject(UsersRepository) private readonly usersRepository: UsersRepository,
    @Inject(SessionUsers) private readonly sessionUsers: SessionUsers,
  ) {}

  /** By guid. A limited caller sees its own clients. */
  async *clients(rowScope: RowScope, signal: AbortSignal): AsyncGenerator<ClientResponse[]> {
    for await (const rows of this.onSnapshot((snapshot) => this.clientPages(rowScope, snapshot), signal))
      yield rows.map(({ guid, name }) => ({ clientGuid: guid, clientName: name }));
  }

  /** By id. A limited caller sees the users that have a session on one of its clients. */
  async *users(rowScope: RowScope, signal: AbortSignal): AsyncGenerator<UserResponse[]> {
    for await (const rows of this.onSnapshot((snapshot) => this.userPages(rowScope, snapshot), signal))
      yield rows.map(({ id, domain, name }) => ({ userId: id, userName: userNameText(domain, name), domain, name }));
  }

  private async *onSnapshot<Row>(
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

  private async *clientPages(rowScope: RowScope, snapshot: Snapshot): AsyncGenerator<ClientRow[]> {
    if (rowScope === null) {
      yield* keyset(
        '',
        ({ guid }) => guid,
        (guid) => this.clientsRepository.after(guid, PAGE_ROWS, snapshot),
      );
    } else {
      const clients = await this.clientsRepository.withGuids(rowScope, snapshot);
      // By code unit, as the database orders them; guids are ASCII.
      yield clients.sort((a, b) => (a.guid < b.guid ? -1 : 1));
    }
  }

  private async *userPages(rowScope: RowScope, snapshot: Snapshot): AsyncGenerator<UserRow[]> {
    if (rowScope === null) {
      yield* keyset(
        0,
        ({ id }) => id,
        (id) => this.usersRepository.after(id, PAGE_ROWS, snapshot),
      );
    } else {
      const clients = await this.clientsRepository.withGuids(rowScope, snapshot);
      const ids = await this.sessionUsers.onClients(
        clients.map(({ id }) => id),
        snapshot,
      );
      for (let from = 0; from < ids.length; from += PAGE_ROWS) {
        const users = await this.usersRepository.withIds(ids.slice(from, from + PAGE_ROWS), snapshot);
        yield users.sort((a, b) => a.id - b.id);
      }
    }
  }
}

/** Keyset pagination: each page starts after the key of the last row before it. */
async function* keyset<Key, Row>(
  first: Key,
  keyOf: (row: Row) => Key,
  read: (after: Key) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let after = first;
  for (let rows = await read(after); rows.length > 0; rows = await read(after)) {
    yield rows;
    after = keyOf(rows[rows.length - 1]!);
  }
}
