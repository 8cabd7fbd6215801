import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import type { DirectoryService } from '../../../directory/directory.service.js';
import type { ClientReference, UserReference } from '../../../directory/port/references.js';
import type { RowKind } from '../timeline.repository.js';

/** The client or the user that a row stands for. */
export interface RowOwner {
  readonly id: number;
  readonly name: string;
  /** As the answer shows it. */
  readonly shown: { readonly client: ClientReference } | { readonly user: UserReference };
}

/** A part of all owners in the order of (name, id). */
export interface OwnerPage {
  readonly after: RowPlace | null;
  /** Rows before the page; absent = 0. */
  readonly offset?: number;
  readonly limit: number;
}

/** Place of a row in the order of rows. */
export interface RowPlace {
  readonly name: string;
  readonly id: number;
}

/** Clients or users, as one of the directories gives them on a snapshot. */
export interface RowSource {
  readonly kind: RowKind;
  /** Those of these ids that exist, in no order. */
  withIds(ids: readonly number[], snapshot: Snapshot): Promise<RowOwner[]>;
  byName(page: OwnerPage, snapshot: Snapshot): Promise<RowOwner[]>;
  count(snapshot: Snapshot): Promise<number>;
}

export function rowSource(kind: RowKind, directory: DirectoryService): RowSource {
  return kind === 'user' ? userRows(directory) : clientRows(directory);
}

function clientRows(directory: DirectoryService): RowSource {
  const owner = ({ id, guid, name }: { id: number; guid: string; name: string }): RowOwner => ({
    ...{ id, name },
    shown: { client: { guid, name } },
  });
  return {
    kind: 'client',
    withIds: async (ids, snapshot) => [...(await directory.clients(ids, snapshot)).values()].map(owner),
    byName: async (page, snapshot) => (await directory.clientsByName({ ...page, order: 'asc' }, snapshot)).map(owner),
    count: (snapshot) => directory.countClients(snapshot),
  };
}

function userRows(directory: DirectoryService): RowSource {
  const owner = ({ id, domain, name }: { id: number; domain: string; name: string }): RowOwner => ({
    ...{ id, name },
    shown: { user: { id, name, domain } },
  });
  return {
    kind: 'user',
    withIds: async (ids, snapshot) => (await directory.existingUsers(ids, snapshot)).map(owner),
    byName: async (page, snapshot) => (await directory.usersByName({ ...page, order: 'asc' }, snapshot)).map(owner),
    count: (snapshot) => directory.countUsers(snapshot),
  };
}
