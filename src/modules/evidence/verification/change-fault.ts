export const CHANGE_FAULT_KINDS = [
  'session-edited',
  'session-deleted',
  'session-added',
  'activities-edited',
  'activities-deleted',
  'activities-added',
  'entry-altered',
  'entry-missing',
  'entry-extra',
  'node-altered',
  'head-altered',
  'log-rewritten',
  'log-cut',
  'bad-signature',
] as const;

export type ChangeFaultKind = (typeof CHANGE_FAULT_KINDS)[number];

/** A difference between the change log and what it must be, or between the log and the tables. */
export interface ChangeFault {
  readonly kind: ChangeFaultKind;
  /** Place in the log. */
  readonly seq?: number;
  readonly sessionId?: number;
  readonly version?: number;
  readonly detail: string;
}
