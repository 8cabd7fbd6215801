/**
 * The fields and limits of an ingestion record. The validator and the OpenAPI schema are derived from this definition; a
 * test compares the columns of the database and the table in docs/ingestion.md with it.
 */

/** A field of text. Lengths count code points, as the columns of the databases do. */
export interface TextField {
  readonly maxLength: number;
  readonly minLength?: number;
  readonly required?: true;
  /** `identity`: no control characters. `visible ASCII`: U+0021 to U+007E only. Absent: any text without U+0000. */
  readonly characters?: 'identity' | 'visible ASCII';
}

/** A date and time, in the forms of docs/contract.md, section 2. */
export interface InstantField {
  readonly required?: true;
  /** Null means "not known yet". A field that is not required may always be null. */
  readonly nullable?: true;
}

export const MAX_ACTIVITIES = 10_000;

export const RECORD_TEXTS = {
  externalId: { minLength: 1, maxLength: 128, required: true, characters: 'identity' },
  clientGuid: { minLength: 1, maxLength: 64, required: true, characters: 'visible ASCII' },
  clientName: { minLength: 1, maxLength: 255, required: true },
  userName: { minLength: 1, maxLength: 128, required: true, characters: 'identity' },
  userDomain: { maxLength: 128, characters: 'identity' },
  remoteHost: { minLength: 1, maxLength: 255, characters: 'identity' },
  terminal: { minLength: 1, maxLength: 128, characters: 'identity' },
} as const satisfies Record<string, TextField>;

export const RECORD_INSTANTS = {
  loginDate: { required: true },
  logoutDate: { required: true, nullable: true },
  lastSeen: {},
} as const satisfies Record<string, InstantField>;

export const ACTIVITY_TEXTS = {
  application: { maxLength: 255 },
  title: { maxLength: 1024 },
  url: { maxLength: 2048 },
  keystrokes: { maxLength: 16_000 },
  kind: { maxLength: 64 },
} as const satisfies Record<string, TextField>;

export const ACTIVITY_INSTANTS = {
  at: { required: true },
} as const satisfies Record<string, InstantField>;

export const RECORD_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(RECORD_TEXTS),
  ...Object.keys(RECORD_INSTANTS),
  ...['remoteAddress', 'logonType', 'activities'],
]);

export const ACTIVITY_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(ACTIVITY_INSTANTS),
  ...Object.keys(ACTIVITY_TEXTS),
]);
