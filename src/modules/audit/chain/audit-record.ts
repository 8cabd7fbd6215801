import { hash } from 'node:crypto';

/**
 * `request`: written before anything is answered. `outcome`: how that call ended. `refused`: a call that was given an error
 * and nothing else, in one record. `abandoned`: its caller left before there was anything to answer. `command`: one step of
 * a command line.
 */
export const RECORD_KINDS = ['request', 'outcome', 'refused', 'abandoned', 'command'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** What is recorded. Every text is one that may be shown to an auditor: no key, and no part of one but its prefix. */
export interface AuditEntry {
  readonly kind: RecordKind;
  /** Number of the `request` record that an `outcome`, or the end of a command, belongs to. */
  readonly requestSeq: number | null;
  readonly requestId: string | null;
  /** Public part of the caller's key; null before one was accepted, and for commands. */
  readonly caller: string | null;
  /** Name of the key; for a command, the account of the operating system that ran it. */
  readonly callerName: string | null;
  readonly address: string | null;
  /** Null when no route was met. */
  readonly action: string | null;
  readonly method: string;
  /** Without the query; for a command, its words. */
  readonly path: string;
  /** JSON text of an object: the parameters as understood. */
  readonly filter: string;
  /** HTTP status; for a command, its exit code. */
  readonly status: number | null;
  /** Elements of the answer. */
  readonly rows: number | null;
  /** Bytes of the answer's body that were handed to the socket. */
  readonly bytes: number | null;
  /** Milliseconds from the first sight of the request to its end. */
  readonly durationMs: number | null;
  /** Whether the answer ended before it was complete: its caller left, or a fault or a reader that stalled broke it off. */
  readonly cutShort: boolean | null;
}

/** An entry in its place in the chain. */
export interface AuditRecord extends AuditEntry {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  /** When it was taken, RFC 3339 in UTC with milliseconds. */
  readonly at: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** What the first record has for the hash of its predecessor. */
export const GENESIS = '0'.repeat(64);

/**
 * The text whose SHA-256 is the hash of a record: a JSON array of fixed fields, without white space, strings and integers
 * as RFC 8785 writes them (which is what `JSON.stringify` does). Documented in docs/audit.md; a change needs a new tag.
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

/** Gives an entry its place behind the record whose number and hash are given. */
export function chained(entry: AuditEntry & { at: string }, seq: number, previousHash: string): AuditRecord {
  const record = { ...entry, seq, previousHash };
  return { ...record, hash: recordHash(record) };
}
