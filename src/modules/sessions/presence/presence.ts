import type { Order } from '../../../platform/http/paging/list-parameters.js';

export const PRESENCE_SORTS = ['name', 'lastSeen'] as const;
export type PresenceSort = (typeof PRESENCE_SORTS)[number];

/** A user or a client before its times are known. */
export interface Named {
  readonly id: number;
  readonly name: string;
  /** Texts in which a part of the name is searched. */
  readonly searched: readonly string[];
}

/** When a user or a client was seen. Instants are instant text; null without a session. */
export interface Presence {
  readonly firstSeen: string | null;
  readonly lastLogin: string | null;
  readonly lastSeen: string | null;
  readonly sessions: number;
  readonly liveSessions: number;
}

/** Which users or clients a list contains, and in which order. */
export interface PresenceFilter {
  /** A part of the name, regardless of case. */
  readonly q?: string;
  /** Only those without a sign of life at or after this instant; instant text. */
  readonly lastSeenBefore?: string;
  readonly sort: PresenceSort;
  readonly order: Order;
}

/** Place in a list: the value that it is sorted by, and the id. */
export interface PresencePlace {
  readonly key: string;
  readonly id: number;
}

/** By code point, as the databases compare. */
export function comparePlaces(a: PresencePlace, b: PresencePlace, order: Order): number {
  const ascending = Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.id - b.id;
  return order === 'asc' ? ascending : -ascending;
}

export function isNamedLike({ searched }: Named, q: string | undefined): boolean {
  const part = q?.toLowerCase();
  return part === undefined || searched.some((text) => text.toLowerCase().includes(part));
}
