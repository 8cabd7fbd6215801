import type { NewSession } from './search-questions.js';

const iso = (ms: number) => new Date(ms).toISOString();

/** `+` stands for itself in a query string (RFC 3986). */
export const rawQuery = (query: URLSearchParams): string =>
  [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');

let count = 0;

/** A session as it is sent to the ingestion. */
export function record(session: NewSession): object {
  const { client, clientName, user, domain, login, logout, lastSeen, activities, remoteAddress, logonType } = session;
  return {
    ...{ externalId: `s${count++}`, clientGuid: client, clientName, userName: user, userDomain: domain },
    ...{ loginDate: iso(login), logoutDate: logout === null ? null : iso(logout) },
    ...(lastSeen !== null && { lastSeen: iso(lastSeen) }),
    ...(remoteAddress !== null && { remoteAddress }),
    ...(logonType !== null && { logonType }),
    activities: activities.map(({ at, ...rest }) => ({ at: iso(at), ...given(rest) })),
  };
}

function given(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
