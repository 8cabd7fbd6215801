import type { SessionOrigin } from './pipeline/merge-origin.js';
import type { SessionFacts } from './pipeline/merge-session.js';
import type { NormalisedActivity } from './pipeline/validate-record.js';

export interface SessionIdentity {
  readonly clientId: number;
  readonly externalId: string;
}

export interface NewSession extends SessionIdentity, SessionFacts {
  readonly userId: number;
  readonly endedAt: string | null;
  readonly origin: SessionOrigin | null;
  readonly version: number;
  readonly salt: Buffer;
}

export interface ChangedSession extends NewSession {
  readonly id: number;
}

export interface UserName {
  readonly domain: string;
  readonly name: string;
}

/** Activities of one session. */
export interface NewActivities {
  readonly sessionId: number;
  /** Of the session that they make. */
  readonly version: number;
  readonly activities: readonly NormalisedActivity[];
}
