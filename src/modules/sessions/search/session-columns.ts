import type { CsvColumns } from '../../../platform/http/streaming/csv-columns.js';
import type { SessionResponse } from './dto/session.response.js';
import type { ShownSession } from './shown-session.js';

const RESPONSE_COLUMNS: CsvColumns<SessionResponse> = {
  sessionId: (s) => s.sessionId,
  externalId: (s) => s.externalId,
  state: (s) => s.state,
  clientGuid: (s) => s.client.guid,
  clientName: (s) => s.client.name,
  userId: (s) => s.user.id,
  userName: (s) => s.user.name,
  userDomain: (s) => s.user.domain,
  loginDate: (s) => s.loginDate,
  logoutDate: (s) => s.logoutDate,
  endEstimated: (s) => s.endEstimated,
  lastSeen: (s) => s.lastSeen,
  durationSeconds: (s) => s.durationSeconds,
  remoteAddress: (s) => s.remoteAddress,
  remoteHost: (s) => s.remoteHost,
  logonType: (s) => s.logonType,
  terminal: (s) => s.terminal,
  clippedLoginDate: (s) => s.clipped?.loginDate ?? null,
  clippedLogoutDate: (s) => s.clipped?.logoutDate ?? null,
  version: (s) => s.version,
};

/** Columns of a session in CSV. */
export const SESSION_COLUMNS: CsvColumns<ShownSession> = Object.fromEntries(
  Object.entries(RESPONSE_COLUMNS).map(([name, value]) => [name, (session: ShownSession) => value(session.response)]),
);
