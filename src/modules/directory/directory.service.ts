import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Snapshot } from '../../platform/database/snapshots/snapshots.js';
import { WithinEpoch } from '../../platform/database/snapshots/within-epoch.js';
import { type ClientRow, ClientsRepository } from './clients.repository.js';
import type { NamePage } from './name-page.js';
import type { UserName } from './port/user-name.js';
import { userNameText } from './user-name.js';
import { type UserRow, UsersRepository } from './users.repository.js';

const MAX_USERS = 50_000;
/** Rows of one statement. */
const PAGE_ROWS = 5000;

/** Translates between the ids of clients and users and what answers call them. */
@Injectable()
export class DirectoryService {
  /** By id. A user never changes its domain or name, so an entry stays valid. */
  private readonly userCache = new WithinEpoch(() => new LRUCache<number, UserRow>({ max: MAX_USERS }));

  constructor(
    @Inject(ClientsRepository) private readonly clientsRepository: ClientsRepository,
    @Inject(UsersRepository) private readonly usersRepository: UsersRepository,
  ) {}

  /** The name of each of these users, by id. @throws Error when a user does not exist */
  async userNames(ids: Iterable<number>, snapshot: Snapshot): Promise<ReadonlyMap<number, string>> {
    const users = await this.users(ids, snapshot);
    return new Map([...users].map(([id, { domain, name }]) => [id, userNameText(domain, name)]));
  }

  /** Each of these users, by id. @throws Error when a user does not exist */
  async users(ids: Iterable<number>, snapshot: Snapshot): Promise<ReadonlyMap<number, UserRow>> {
    const known = this.userCache.of(snapshot);
    const users = new Map<number, UserRow>();
    const missing = new Set<number>();
    for (const id of ids) {
      const user = known.get(id);
      if (user === undefined) missing.add(id);
      else users.set(id, user);
    }
    if (missing.size === 0) return users;
    for (const user of await this.usersRepository.withIds([...missing], snapshot)) {
      users.set(user.id, user);
      known.set(user.id, user);
      missing.delete(user.id);
    }
    for (const id of missing) throw new Error(`There is no user ${id}.`);
    return users;
  }

  /** Every user, by id. */
  allUsers(snapshot: Snapshot): Promise<UserRow[]> {
    return everything((last?: UserRow) => this.usersRepository.after(last?.id ?? 0, PAGE_ROWS, snapshot));
  }

  /** Every client, by guid. */
  allClients(snapshot: Snapshot): Promise<ClientRow[]> {
    return everything((last?: ClientRow) => this.clientsRepository.after(last?.guid ?? '', PAGE_ROWS, snapshot));
  }

  /** The next users in the order of (name, id). */
  usersByName(page: NamePage, snapshot: Snapshot): Promise<UserRow[]> {
    return this.usersRepository.byName(page, snapshot);
  }

  /** The next clients in the order of (name, id). */
  clientsByName(page: NamePage, snapshot: Snapshot): Promise<ClientRow[]> {
    return this.clientsRepository.byName(page, snapshot);
  }

  countUsers(snapshot: Snapshot): Promise<number> {
    return this.usersRepository.count(snapshot);
  }

  countClients(snapshot: Snapshot): Promise<number> {
    return this.clientsRepository.count(snapshot);
  }

  /** Those of these users that exist. */
  existingUsers(ids: readonly number[], snapshot: Snapshot): Promise<UserRow[]> {
    return this.usersRepository.withIds(ids, snapshot);
  }

  /** The clients with these guids that exist. */
  clientsWith(guids: readonly string[], snapshot: Snapshot): Promise<ClientRow[]> {
    return this.clientsRepository.withGuids(guids, snapshot);
  }

  /** Ids of the users with these names; a name that no user has is left out. */
  async userIds(names: readonly UserName[], snapshot: Snapshot): Promise<number[]> {
    return (await this.usersRepository.withNames(names, snapshot)).map(({ id }) => id);
  }

  /** Ids of the clients whose latest name is one of these. */
  async clientIdsNamed(names: readonly string[], snapshot: Snapshot): Promise<number[]> {
    return (await this.clientsRepository.withNames(names, snapshot)).map(({ id }) => id);
  }

  /** Each of these clients, by id, with its name in the snapshot. @throws Error when a client does not exist */
  async clients(ids: Iterable<number>, snapshot: Snapshot): Promise<ReadonlyMap<number, ClientRow>> {
    const missing = new Set(ids);
    const clients = new Map<number, ClientRow>();
    for (const client of await this.clientsRepository.withIds([...missing], snapshot)) {
      clients.set(client.id, client);
      missing.delete(client.id);
    }
    for (const id of missing) throw new Error(`There is no client ${id}.`);
    return clients;
  }

  /** Ids of the clients with these guids; a guid that no client has is left out. */
  async clientIds(guids: readonly string[], snapshot: Snapshot): Promise<number[]> {
    return (await this.clientsRepository.withGuids(guids, snapshot)).map(({ id }) => id);
  }
}

/** Keyset pagination: each page starts after the last row before it. */
async function everything<Row>(read: (last?: Row) => Promise<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for (let page = await read(); page.length > 0; page = await read(page[page.length - 1])) all.push(...page);
  return all;
}
