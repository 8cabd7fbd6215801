import type { AddressRange } from '../../../platform/net/address-range.js';
import type { UserName } from '../../directory/port/user-name.js';
import type { LogonType } from '../port/logon-type.js';
import type { TimeWindow } from '../domain/time-window.js';

export const SESSION_STATES = ['live', 'ended', 'lost'] as const;

/** Live: no logout is known. Ended: by a logout. Lost: no sign of life for `LOST_AFTER`, so the end is an estimate. */
export type SessionState = (typeof SESSION_STATES)[number];

/**
 * Which sessions a list contains. A condition that is null or absent does not restrict. A list means any of its values;
 * different conditions combine with "and".
 */
export interface SessionFilter {
  /** The sessions that the window contains (docs/contract.md, section 2); equal bounds = open at that instant. */
  readonly window: TimeWindow;
  /** The caller gave the instant `activeAt` instead of bounds; the answer is then not clipped. */
  readonly isInstant: boolean;
  readonly clientGuids?: readonly string[];
  /** Latest names of clients. */
  readonly clientNames?: readonly string[];
  readonly userNames?: readonly UserName[];
  readonly userIds?: readonly number[];
  readonly states?: readonly SessionState[];
  readonly logonTypes?: readonly LogonType[];
  readonly remoteAddress?: AddressRange;
  /** Milliseconds, inclusive. A live session lasts until now. */
  readonly minDurationMs?: number;
  readonly maxDurationMs?: number;
  readonly activity?: ActivityFilter;
}

/** One activity inside the window and inside its session fulfils every condition. */
export interface ActivityFilter {
  readonly application?: string;
  /** A part of the title or the URL, regardless of case. */
  readonly text?: string;
}

export function hasWindow({ window, isInstant }: SessionFilter): boolean {
  return !isInstant && (window.start !== null || window.end !== null);
}
