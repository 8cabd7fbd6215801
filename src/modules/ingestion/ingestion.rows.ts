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

/** In the order of the primary key. */
export function* activityRows(added: readonly NewActivities[]) {
  for (const { sessionId, version, activities } of [...added].sort((a, b) => a.sessionId - b.sessionId))
    for (const activity of inOrderOfTime(activities)) yield { sessionId, version, activity };
}

function inOrderOfTime(activities: readonly NormalisedActivity[]): readonly NormalisedActivity[] {
  const isSorted = activities.every(({ at }, i) => i === 0 || activities[i - 1]!.at <= at);
  return isSorted ? activities : [...activities].sort((a, b) => compareText(a.at, b.at));
}

/** By code unit. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
