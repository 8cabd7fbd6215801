import { type CursorFilter, CursorCodec } from '../../../platform/http/paging/cursor.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import type { Position } from '../windows/session-row.js';
import type { SessionFilter } from './session-filter.js';

const MAX_ID = 2 ** 31;
const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

export const SESSION_CURSORS = new CursorCodec<Position>('sessions', {
  write: ({ login, id }) => [login, id],
  read: ([login, id, ...rest]) =>
    isInstantText(login) && Number.isInteger(id) && (id as number) >= 0 && (id as number) <= MAX_ID && rest.length === 0
      ? { login, id: id as number }
      : undefined,
});

/** What a cursor belongs to: the filter and the order. */
export function cursorFilter(filter: SessionFilter, order: Order): CursorFilter {
  return { order, ...understoodFilter(filter) };
}

/** The filter as it was understood, for the audit record. Lists are JSON arrays. */
export function understoodFilter(filter: SessionFilter): Record<string, string | number> {
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
  return Object.fromEntries(given) as Record<string, string | number>;
}

function list(values: readonly (string | number)[] | undefined): string | undefined {
  return values && JSON.stringify([...values].sort());
}

/** Date is lenient, so the text must be what Date would write. */
function isInstantText(text: unknown): text is string {
  if (typeof text !== 'string' || !INSTANT.test(text)) return false;
  const date = new Date(`${text.replace(' ', 'T')}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().replace('T', ' ').slice(0, 23) === text;
}
