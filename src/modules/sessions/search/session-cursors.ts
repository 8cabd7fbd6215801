import type { CallFilter } from '../../../platform/http/call.js';
import { type CursorFilter, CursorCodec } from '../../../platform/http/paging/cursor.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import type { Position } from '../windows/session-row.js';
import type { SessionFilter } from './session-filter.js';
import { isInstantText } from '../../../platform/time/instant.js';

const MAX_ID = 2 ** 31;

export const SESSION_CURSORS = new CursorCodec<Position>('sessions', {
  write: ({ login, id }) => [login, id],
  read: ([login, id, ...rest]) =>
    isInstantText(login) && Number.isInteger(id) && (id as number) >= 0 && (id as number) <= MAX_ID && rest.length === 0
      ? { login, id: id as number }
      : undefined,
});

/** What a cursor belongs to: the filter and the order. */
export function cursorFilter(filter: SessionFilter, order: Order): CursorFilter {
  const given = Object.entries(understoodFilter(filter));
  const texts = given.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]);
  return { order, ...(Object.fromEntries(texts) as CursorFilter) };
}

/** The filter as it was understood, for the audit record. */
export function understoodFilter(filter: SessionFilter): CallFilter {
  const { window, isInstant, remoteAddress, activity, ...others } = filter;
  const bounds = isInstant ? { activeAt: window.start } : { from: window.start, to: window.end };
  const { clientGuids, clientNames, userNames, userIds, states, logonTypes, minDurationMs, maxDurationMs } = others;
  const values = {
    ...bounds,
    ...{ client: list(clientGuids), clientName: list(clientNames), userId: list(userIds) },
    user: list(userNames?.map(({ domain, name }) => (domain === null ? name : `${domain}\\${name}`))),
    ...{ state: list(states), logonType: list(logonTypes) },
    remoteAddress: remoteAddress && `${remoteAddress.first}-${remoteAddress.last}`,
    ...{ minDurationMs, maxDurationMs, application: activity?.application, text: activity?.text },
  };
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as CallFilter;
}

function list<T extends string | number>(values: readonly T[] | undefined): readonly T[] | undefined {
  return values && [...values].sort();
}
