import { ApiProperty } from '@nestjs/swagger';
import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant, IsNotAfter } from '../../../../platform/http/validation/rules/is-instant.js';
import { IsIpAddress, IsOneOf, IsTextLike } from '../../../../platform/http/validation/rules/is-text.js';
import { IsWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';
import { RECORD_KINDS } from '../../chain/audit-record.js';
import { AUDIT_ACTIONS } from '../../port/audited.js';
import {
  DEFAULT_LIMIT,
  MAX_LIMIT,
  RECORD_CURSORS,
  type RecordParameters,
  type RecordPosition,
  recordFilter,
} from '../record-question.js';

/** The parameters of `GET /api/v1/audit/records`; instants in milliseconds since 1970. */
export class AuditRecordsQuery implements RecordParameters {
  @ApiProperty({
    ...{ type: String, required: false, example: '2021-04-01T00:00:00Z' },
    description: 'First instant.',
  })
  @IsNotAfter('to')
  @IsInstant()
  from?: number;

  @ApiProperty({ type: String, required: false, description: 'First instant after the range.' })
  @IsInstant()
  to?: number;

  @ApiProperty({ type: String, required: false, description: 'Prefix of a key, such as `k3m2pq7a`.' })
  @IsTextLike(/^[\x21-\x7e]{1,128}$/, 'is not the prefix of a key')
  caller?: string;

  @ApiProperty({ enum: AUDIT_ACTIONS, required: false, description: 'What the call was.' })
  @IsOneOf(() => AUDIT_ACTIONS)
  action?: string;

  @ApiProperty({ type: String, required: false, description: 'Address of the caller, such as `192.0.2.7`.' })
  @IsIpAddress()
  address?: string;

  @ApiProperty({
    ...{ type: 'integer', required: false, minimum: 0, maximum: 999 },
    description: 'HTTP status, or the exit code of a command.',
  })
  @IsWholeNumber({ max: 999 })
  status?: number;

  @ApiProperty({ enum: RECORD_KINDS, required: false, description: 'Kind of the record.' })
  @IsOneOf(() => RECORD_KINDS)
  kind?: string;

  @ApiProperty({ type: String, required: false, description: '`next` of the page before.' })
  @IsCursor(RECORD_CURSORS, (query: AuditRecordsQuery) => ({ ...recordFilter(query) }))
  cursor?: ReadCursor<RecordPosition>;

  @ApiProperty({
    ...{ type: 'integer', required: false, minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    description: 'Records of a page; for `application/json` only.',
  })
  @IsWholeNumber({ min: 1, max: MAX_LIMIT })
  limit?: number;
}
