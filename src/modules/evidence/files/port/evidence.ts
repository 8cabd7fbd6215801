/** Name and version of the form of evidence (docs/change-log.md, "Evidence"). */
export const EVIDENCE_FORMAT = 'session-audit-evidence/1';

/** What all sessions of a file have in common: the answer has it among its members, a file in its first line. */
export interface EvidenceHead {
  readonly format: typeof EVIDENCE_FORMAT;
  /** Signed note (C2SP tlog-checkpoint). */
  readonly checkpoint: string;
  /** Id of the key that signed the checkpoint (C2SP signed-note), hexadecimal. */
  readonly keyId: string;
}

/** Activities in the order in which the log commits to them: instant, application, title, URL, keystrokes, kind. */
export interface AddedActivities {
  readonly version: number;
  readonly items: readonly (readonly unknown[])[];
}

export interface EntryEvidence {
  /** Place in the log. */
  readonly seq: number;
  /** Text in the form of RFC 8785. */
  readonly entry: string;
  /** Inclusion proof in the tree of the checkpoint (RFC 9162, section 2.1.3); hashes in base64. */
  readonly proof: readonly string[];
}

/** A session with everything that its entries in the log commit to. */
export interface SessionEvidence {
  readonly sessionId: number;
  readonly version: number;
  /** What `sessionHash` of its newest entry commits to. */
  readonly session: Readonly<Record<string, string | null>>;
  /** Hexadecimal. */
  readonly salt: string;
  /** Those of versions that added some. */
  readonly activities: readonly AddedActivities[];
  /** One for each version, from 1. */
  readonly entries: readonly EntryEvidence[];
}

/** A session that a file should contain, but that cannot be proven yet. */
export interface OmittedSession {
  readonly sessionId: number;
  readonly omitted: OmissionReason;
}

export type OmissionReason =
  /** The session is older than the log and was not added to it yet. */
  | 'not in the log'
  /** The checkpoint does not cover its newest version, or entries are missing. */
  | 'not covered by the checkpoint';

/** The last line of a file: one that was cut off has none. */
export interface EvidenceEnd {
  readonly sessions: number;
  readonly omitted: number;
}
