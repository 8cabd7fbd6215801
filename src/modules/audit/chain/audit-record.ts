import { hash } from 'node:crypto';

/**
 * - `request`: written before the answer.
 * - `outcome`: the end of a call that has a `request` record.
 * - `refused`: a call that was answered with an error, in one record.
 * - `abandoned`: a call whose connection closed before anything was recorded.
 * - `summary`: how many further calls without a valid key came from an address within a minute.
 * - `command`: the start or the end of a command of the command line.
 */
export const RECORD_KINDS = ['request', 'outcome', 'refused', 'abandoned', 'summary', 'command'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** The content of a record. No text contains a secret; of a key, only the prefix is recorded. */
export interface AuditEntry {
  readonly kind: RecordKind;
  /** Number of the `request` record of an `outcome`, or of the first record of a command for its end. */
  readonly requestSeq: number | null;
  readonly requestId: string | null;
  /** Prefix of the caller's key; null if no key was accepted, and for commands. */
  readonly caller: string | null;
  /** Name of the key; for a command, the operating system account that ran it. */
  readonly callerName: string | null;
  readonly address: string | null;
  /** Null if no route matched. */
  readonly action: string | null;
  readonly method: string;
  /** Path without the query; for a command, its words. */
  readonly path: string;
  /** JSON text of an object with the parsed parameters. */
  readonly filter: string;
  /** HTTP status; for a command, its exit code. */
  readonly status: number | null;
  /** Elements of the answer. */
  readonly rows: number | null;
  /** Bytes of the answer's body that were handed to the socket. */
  readonly bytes: number | null;
  /** Milliseconds from the arrival of the request to its end. */
  readonly durationMs: number | null;
  /** Whether the answer ended before it was complete: the caller disconnected or stalled, or an error occurred. */
  readonly cutShort: boolean | null;
}

/** An entry with its position in the chain. */
export interface AuditRecord extends AuditEntry {
  /** 1, 2, 3, … without gaps. */
  readonly seq: number;
  /** When the entry was queued: RFC 3339 in UTC with milliseconds. */
  readonly at: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** Previous hash of the first record. */
export const GENESIS = '0'.repeat(64);

/**
 * The text whose SHA-256 is the hash of a record: a JSON array of fixed fields without white space. Strings and integers
 * are serialised as in RFC 8785, as `JSON.stringify` does. Documented in docs/audit.md; a change needs a new tag.
 */
export function canonicalForm(r: Omit<AuditRecord, 'hash'>): string {
  const who = [r.requestId, r.caller, r.callerName, r.address];
  const what = [r.action, r.method, r.path, r.filter];
  const end = [r.status, r.rows, r.bytes, r.durationMs, r.cutShort];
  return JSON.stringify([
    'session-audit-record/1',
    r.seq,
    r.previousHash,
    r.at,
    r.kind,
    r.requestSeq,
    ...who,
    ...what,
    ...end,
  ]);
}

/** @returns 64 hexadecimal digits in lower case */
export function recordHash(record: Omit<AuditRecord, 'hash'>): string {
  return hash('sha256', canonicalForm(record), 'hex');
}

/** Appends an entry to the record with the hash `previousHash`; `seq` is the number of the new record. */
export function chained(entry: AuditEntry & { at: string }, seq: number, previousHash: string): AuditRecord {
  const record = { ...entry, seq, previousHash };
  return { ...record, hash: recordHash(record) };
}
