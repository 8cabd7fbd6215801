import type { LogonType } from '../../sessions/port/logon-type.js';

/**
 * One record of `POST /api/v1/ingest/sessions` in the form in which it is sent (docs/contract.md, section 4).
 * Dates are ISO 8601 text with `Z` or an offset. `null` means "not known yet" and never removes a value.
 */
export interface IngestRecord {
  externalId: string;
  clientGuid: string;
  clientName: string;
  userName: string;
  userDomain?: string | null;
  loginDate: string;
  logoutDate: string | null;
  lastSeen?: string | null;
  /** IPv4 or IPv6. */
  remoteAddress?: string | null;
  remoteHost?: string | null;
  logonType?: LogonType | null;
  terminal?: string | null;
  activities?: IngestActivity[] | null;
}

/** One recorded moment inside a session. */
export interface IngestActivity {
  at: string;
  application?: string | null;
  title?: string | null;
  url?: string | null;
  keystrokes?: string | null;
  kind?: string | null;
}
