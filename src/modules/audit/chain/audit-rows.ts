import type { SqlNames } from '../../../platform/database/schema/sql-names.js';
import { toInstantText } from '../../../platform/time/instant.js';
import type { AuditRecord, RecordKind } from './audit-record.js';

/** In the order of `AuditRow`. */
const PROPERTIES = [
  ...(['seq', 'at', 'kind', 'requestSeq', 'requestId', 'caller', 'callerName', 'address', 'action', 'method'] as const),
  ...(['path', 'filter', 'status', 'rows', 'bytes', 'durationMs', 'cutShort', 'previousHash', 'hash'] as const),
];

/** The columns of a record in the order of `AuditRow`, for SQL. */
export function recordColumns({ column }: SqlNames<AuditRecord>): string {
  return PROPERTIES.map((property) => column[property]).join(', ');
}

type Text = string | null;
type Count = number | null;
export type AuditRow = [
  ...[seq: number, at: string, kind: string, requestSeq: Count, requestId: Text, caller: Text, callerName: Text],
  ...[address: Text, action: Text, method: string, path: string, filter: string, status: Count, rows: Count],
  ...[bytes: Count, durationMs: Count, cutShort: Count, previousHash: string, hash: string],
];

export function toRow(r: AuditRecord): AuditRow {
  const cut = r.cutShort === null ? null : Number(r.cutShort);
  return [
    ...([r.seq, toInstantText(Date.parse(r.at)), r.kind, r.requestSeq, r.requestId, r.caller, r.callerName] as const),
    ...([r.address, r.action, r.method, r.path, r.filter, r.status, r.rows] as const),
    ...([r.bytes, r.durationMs, cut, r.previousHash, r.hash] as const),
  ];
}

/** The record exactly as stored. A value that was changed is kept, so that the comparison of hashes fails. */
export function fromRow(row: AuditRow): AuditRecord {
  const [seq, at, kind, requestSeq, requestId, caller, callerName, address, action, method, path, filter] = row;
  const [status, rows, bytes, durationMs, cut, previousHash, hash] = row.slice(12) as Slice;
  return {
    ...{ seq, at: toRfc3339(at), kind: kind as RecordKind, requestSeq, requestId },
    ...{ caller, callerName, address, action, method, path, filter },
    ...{ status, rows, bytes, durationMs, cutShort: cut === 0 || cut === 1 ? cut === 1 : (cut as null) },
    ...{ previousHash, hash },
  };
}

type Slice = [status: Count, rows: Count, bytes: Count, durationMs: Count, cut: Count, previous: string, hash: string];

const INSTANT_TEXT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/**
 * RFC 3339 form of a stored instant. SQLite accepts any value in a column; one in another form is returned as it is, so
 * that neither a hash nor a signature matches it.
 */
export function toRfc3339(instantText: string): string {
  const isExact = typeof instantText === 'string' && INSTANT_TEXT.test(instantText);
  return isExact ? `${instantText.slice(0, 10)}T${instantText.slice(11)}Z` : instantText;
}

/** The columns of text, except for `at`, whose form differs between the engines. */
const TEXTS = [
  ...(['kind', 'requestId', 'caller', 'callerName', 'address', 'action', 'method', 'path', 'filter'] as const),
  ...(['previousHash', 'hash'] as const),
];

/** The number of bytes that all texts of a record occupy, for SQL. */
export function textBytesColumn({ column }: SqlNames<AuditRecord>): string {
  return TEXTS.map((property) => `COALESCE(OCTET_LENGTH(${column[property]}), 0)`).join(' + ');
}

/**
 * Whether the texts of a record are stored as they read. SQLite can store bytes that are no UTF-8; they read as U+FFFD, but
 * a condition does not find them.
 *
 * @param textBytes as of `textBytesColumn`
 */
export function isStoredExactly(record: AuditRecord, textBytes: number): boolean {
  return TEXTS.reduce((sum, property) => sum + Buffer.byteLength(record[property] ?? ''), 0) === textBytes;
}
