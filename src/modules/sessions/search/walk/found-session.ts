import { addressText } from '../../../../platform/net/ip-address.js';
import { type LogonType, logonTypeOf } from '../../port/logon-type.js';
import type { Span } from '../../domain/clip.js';
import type { Position } from '../../windows/session-row.js';
import type { SessionState } from '../session-filter.js';

/** A session of a list. Instants are instant text. */
export interface FoundSession extends Span, Position {
  readonly clientId: number;
  readonly userId: number;
  readonly externalId: string;
  readonly version: number;
  readonly lastSeen: string;
  readonly state: SessionState;
  readonly remoteAddress: string | null;
  readonly remoteHost: string | null;
  readonly logonType: LogonType | null;
  readonly terminal: string | null;
}

/** Columns of a row, in the order in which the repository selects them. `end` is the effective end. */
export type FoundRow = readonly [
  ...[id: number, clientId: number, userId: number, externalId: string, version: number, login: string],
  ...[logout: string | null, end: string | null, lastSeen: string],
  ...[remoteAddress: Buffer | null, remoteHost: string | null, logonType: number | null, terminal: string | null],
];

/** Without spreads, which take several times as long. */
export function foundSession(row: FoundRow): FoundSession {
  const [id, clientId, userId, externalId, version, login, logout, end, lastSeen] = row;
  const [, , , , , , , , , address, remoteHost, logonType, terminal] = row;
  return {
    id,
    clientId,
    userId,
    externalId,
    version,
    login,
    end,
    lastSeen,
    state: end === null ? 'live' : logout === null ? 'lost' : 'ended',
    remoteAddress: address && addressText(address.toString('hex')),
    remoteHost,
    logonType: logonType === null ? null : logonTypeOf(logonType),
    terminal,
  };
}
