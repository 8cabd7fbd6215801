import type { RowScope } from '../../../platform/http/caller.js';
import type { DirectoryService } from '../../directory/directory.service.js';
import type { PresentClientResponse, PresentUserResponse } from './dto/presence.response.js';
import type { Shown } from './presence-answers.service.js';
import type { Source } from './presence-walk.js';
import type { Named } from './presence.js';

type NamedUser = Named & { readonly domain: string };
type NamedClient = Named & { readonly guid: string };

/** @param only the id of one user; absent = all */
export function userSource(directory: DirectoryService, rowScope: RowScope, only?: number): Source<NamedUser> {
  const named = ({ id, domain, name }: Omit<NamedUser, 'searched'>) => ({
    id,
    domain,
    name,
    searched: [name, `${domain}\\${name}`],
  });
  return {
    kind: 'user',
    isLimited: rowScope !== null,
    clientIds: async (snapshot) => rowScope && (await directory.clientIds(rowScope, snapshot)),
    entities: async (snapshot, visible) => {
      const wanted = only === undefined ? visible : visible === null || visible.includes(only) ? [only] : [0];
      const users =
        wanted === null ? await directory.allUsers(snapshot) : await directory.existingUsers(wanted, snapshot);
      return users.map(named);
    },
    byName: async (snapshot, page) => (await directory.usersByName(page, snapshot)).map(named),
    count: (snapshot) => directory.countUsers(snapshot),
  };
}

/** @param only the guid of one client; absent = all */
export function clientSource(directory: DirectoryService, rowScope: RowScope, only?: string): Source<NamedClient> {
  const named = ({ id, guid, name }: Omit<NamedClient, 'searched'>) => ({ id, guid, name, searched: [name, guid] });
  return {
    kind: 'client',
    isLimited: rowScope !== null,
    clientIds: async (snapshot) => rowScope && (await directory.clientIds(rowScope, snapshot)),
    entities: async (snapshot) => {
      const wanted = only === undefined ? rowScope : rowScope === null || rowScope.includes(only) ? [only] : [''];
      const clients =
        wanted === null ? await directory.allClients(snapshot) : await directory.clientsWith(wanted, snapshot);
      return clients.map(named);
    },
    byName: async (snapshot, page) => (await directory.clientsByName(page, snapshot)).map(named),
    count: (snapshot) => directory.countClients(snapshot),
  };
}

export const USERS_SHOWN: Shown<NamedUser, PresentUserResponse> = {
  view: ({ id, name, domain }, times) => ({ id, name, domain, ...times }),
  columns: {
    ...{ id: (u) => u.id, name: (u) => u.name, domain: (u) => u.domain },
    ...{ firstSeen: (u) => u.firstSeen, lastLogin: (u) => u.lastLogin, lastSeen: (u) => u.lastSeen },
    ...{ sessions: (u) => u.sessions, liveSessions: (u) => u.liveSessions },
  },
};

export const CLIENTS_SHOWN: Shown<NamedClient, PresentClientResponse> = {
  view: ({ guid, name }, times) => ({ guid, name, ...times }),
  columns: {
    ...{ guid: (c) => c.guid, name: (c) => c.name },
    ...{ firstSeen: (c) => c.firstSeen, lastLogin: (c) => c.lastLogin, lastSeen: (c) => c.lastSeen },
    ...{ sessions: (c) => c.sessions, liveSessions: (c) => c.liveSessions },
  },
};
