import type { SqlNames } from '../../../platform/database/schema/sql-names.js';
import { fromInstantText, toInstantText } from '../../../platform/time/instant.js';
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
    ...{ seq, at: `${at.slice(0, 10)}T${at.slice(11)}Z`, kind: kind as RecordKind, requestSeq, requestId },
    ...{ caller, callerName, address, action, method, path, filter },
    ...{ status, rows, bytes, durationMs, cutShort: cut === 0 || cut === 1 ? cut === 1 : (cut as null) },
    ...{ previousHash, hash },
  };
}

type Slice = [status: Count, rows: Count, bytes: Count, durationMs: Count, cut: Count, previous: string, hash: string];

export function toRfc3339(instantText: string): string {
  return new Date(fromInstantText(instantText)).toISOString();
}
