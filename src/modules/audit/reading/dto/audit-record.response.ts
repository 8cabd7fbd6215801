import { ApiProperty } from '../../../../platform/http/docs/decorators.js';
import { AUDIT_ACTIONS } from '../../port/audit-action.js';
import { type AuditRecord, RECORD_KINDS } from '../../chain/audit-record.js';

const hash = { type: String, pattern: '^[0-9a-f]{64}$', example: '0'.repeat(64) } as const;
const count = { type: 'integer', nullable: true, minimum: 0 } as const;
const text = { type: String, nullable: true } as const;

/** One record of the chain; its fields in this order are those of the canonical form. */
export class AuditRecordResponse {
  @ApiProperty({ type: 'integer', format: 'int64', minimum: 1, example: 42 }) seq!: number;
  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T10:00:00.000Z' }) at!: string;
  @ApiProperty({ enum: RECORD_KINDS }) kind!: string;
  @ApiProperty({ ...count, description: 'Of an outcome: the number of its request.' }) requestSeq!: number | null;
  @ApiProperty(text) requestId!: string | null;
  @ApiProperty({ ...text, description: 'Prefix of the key.', example: 'k3m2pq7a' }) caller!: string | null;
  @ApiProperty({ ...text, example: 'siem' }) callerName!: string | null;
  @ApiProperty({ ...text, example: '192.0.2.7' }) address!: string | null;
  @ApiProperty({ type: String, enum: AUDIT_ACTIONS, nullable: true }) action!: string | null;
  @ApiProperty({ type: String, example: 'GET' }) method!: string;
  @ApiProperty({ type: String, example: '/ekranapi/sessions' }) path!: string;
  @ApiProperty({
    type: String,
    description: 'JSON text of the parameters as understood.',
    example: '{"start":"2021-04-01 10:00:00.000","end":null}',
  })
  filter!: string;
  @ApiProperty({ ...count, description: 'HTTP status; of a command, its exit code.', example: 200 }) status!:
    number | null;
  @ApiProperty({ ...count, description: 'Elements of the answer.' }) rows!: number | null;
  @ApiProperty({ ...count, description: 'Bytes of the body that were handed to the socket.' }) bytes!: number | null;
  @ApiProperty(count) durationMs!: number | null;
  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether the answer ended before it was complete, as when its caller left.',
  })
  cutShort!: boolean | null;
  @ApiProperty(hash) previousHash!: string;
  @ApiProperty(hash) hash!: string;
}

/** Field by field, so that a new column does not change the interface. */
export function toResponse(r: AuditRecord): AuditRecordResponse {
  const { seq, at, kind, requestSeq, requestId, caller, callerName, address, action, method, path, filter } = r;
  const { status, rows, bytes, durationMs, cutShort, previousHash, hash } = r;
  return {
    ...{ seq, at, kind, requestSeq, requestId, caller, callerName, address, action, method, path, filter },
    ...{ status, rows, bytes, durationMs, cutShort, previousHash, hash },
  };
}

export class AuditRecordsResponse {
  @ApiProperty({ type: [AuditRecordResponse] }) records!: AuditRecordResponse[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as `cursor` for the next page; null behind the last.',
  })
  next!: string | null;
}
