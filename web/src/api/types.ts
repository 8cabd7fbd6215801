import type { components } from '../../generated/api.js';

type Schemas = components['schemas'];
export type Session = Schemas['SessionResponse'];
export type SessionWithTimes = Schemas['SessionWithTimesResponse'];
export type SessionState = Schemas['SessionState'];
export type Activity = Schemas['ActivityResponse'];
export type ApiKey = Schemas['KeyResponse'];
export type NewApiKey = Schemas['NewKeyResponse'];
export type AuditRecord = Schemas['AuditRecordResponse'];
export type Evidence = Schemas['EvidenceResponse'];
export type Overlap = Schemas['OverlapResponse'];
export type Scope = ApiKey['scopes'][number];

/** `GET /console/options` */
export interface ConsoleOptions {
  readonly oidc: { readonly label: string } | null;
  readonly timeZone: string;
  /** An activity counts as active time until the next one, at most this long. */
  readonly activityIdleSeconds: number;
  /** A session of the console ends after this without a call of its user. */
  readonly sessionIdleSeconds: number;
  readonly version: string;
}

/** `GET /console/session` */
export interface ConsoleSession {
  readonly name: string;
  readonly keyPrefix: string | null;
  readonly subject: string | null;
  readonly scopes: readonly string[];
  /** Number of clients that the login is limited to; null = all. */
  readonly clients: number | null;
  readonly method: 'key' | 'link' | 'oidc';
  readonly idleUntil: string;
  readonly expiresAt: string;
}
