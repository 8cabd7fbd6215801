import type { ChangeKind } from './change-kind.js';

/** A change of one session, as its transaction reports it. */
export interface NewChange {
  readonly sessionId: number;
  /** The version of the session after the change, from 1. */
  readonly version: number;
  readonly kind: ChangeKind;
  readonly clientId: number;
  /** Hexadecimal, see `commitments.ts`; null when the session was deleted. */
  readonly sessionHash: string | null;
  /** Number of activities that this version added. */
  readonly activities: number;
  readonly activitiesHash: string | null;
}
