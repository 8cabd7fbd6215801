import { MAX_ID } from '../../../platform/database/schema/max-id.js';
import { CursorCodec } from '../../../platform/http/paging/cursor.js';
import { toInstantText } from '../../../platform/time/instant.js';
import type { PresenceFilter, PresencePlace } from './presence.js';

/** The parameters of a request; the instant in milliseconds since 1970. */
type PresenceParameters = Partial<Pick<PresenceFilter, 'q' | 'sort' | 'order'>> & { readonly lastSeenBefore?: number };

const MAX_KEY = 255;

const form = {
  write: ({ key, id }: PresencePlace) => [key, id],
  read: ([key, id, ...rest]: readonly unknown[]) =>
    typeof key === 'string' &&
    key.length <= MAX_KEY &&
    Number.isInteger(id) &&
    (id as number) > 0 &&
    (id as number) <= MAX_ID &&
    rest.length === 0
      ? { key, id: id as number }
      : undefined,
};

export const PRESENCE_CURSORS = {
  user: new CursorCodec<PresencePlace>('users', form),
  client: new CursorCodec<PresencePlace>('clients', form),
} as const;

export function presenceFilter({
  q,
  lastSeenBefore,
  sort = 'name',
  order = 'asc',
}: PresenceParameters): PresenceFilter {
  return {
    ...{ q, sort, order },
    ...(lastSeenBefore !== undefined && { lastSeenBefore: toInstantText(Math.max(0, lastSeenBefore)) }),
  };
}

/** The filter as it was understood. */
export function understoodPresence({ q, lastSeenBefore, sort, order }: PresenceFilter): Record<string, string> {
  return { ...(q !== undefined && { q }), ...(lastSeenBefore !== undefined && { lastSeenBefore }), sort, order };
}
