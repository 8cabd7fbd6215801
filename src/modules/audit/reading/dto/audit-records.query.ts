import { Field } from '../../../../platform/http/validation/request-class.js';
import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import type { Order } from '../../../../platform/http/paging/list-parameters.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant, IsNotAfter } from '../../../../platform/http/validation/rules/is-instant.js';
import { IsIpAddress, IsOneOf, IsTextLike } from '../../../../platform/http/validation/rules/is-text.js';
import { IsWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';
import { RECORD_KINDS } from '../../chain/audit-record.js';
import { AUDIT_ACTIONS } from '../../port/audit-action.js';
import {
  DEFAULT_LIMIT,
  MAX_LIMIT,
  RECORD_CURSORS,
  type RecordParameters,
  type RecordPosition,
  recordCursorFilter,
  recordFilter,
} from '../record-question.js';

/** The parameters of `GET /api/v1/audit/records`; instants in milliseconds since 1970. */
export class AuditRecordsQuery implements RecordParameters {
  @Field({
    ...{ type: 'string', example: '2021-04-01T00:00:00Z' },
    description: 'First instant.',
  })
  @IsNotAfter('to')
  @IsInstant()
  from?: number;

  @Field({ type: 'string', description: 'First instant after the range.' })
  @IsInstant()
  to?: number;

  @Field({ type: 'string', description: 'Prefix of a key, such as `k3m2pq7a`.' })
  @IsTextLike(/^[\x21-\x7e]{1,128}$/, 'is not the prefix of a key')
  caller?: string;

  @Field({ type: 'string', enum: AUDIT_ACTIONS as unknown as string[], description: 'What the call was.' })
  @IsOneOf(() => AUDIT_ACTIONS)
  action?: string;

  @Field({ type: 'string', description: 'Address of the caller, such as `192.0.2.7`.' })
  @IsIpAddress()
  address?: string;

  @Field({
    ...{ type: 'integer', minimum: 0, maximum: 999 },
    description: 'HTTP status, or the exit code of a command.',
  })
  @IsWholeNumber({ max: 999 })
  status?: number;

  @Field({ type: 'string', enum: [...RECORD_KINDS], description: 'Kind of the record.' })
  @IsOneOf(() => RECORD_KINDS)
  kind?: string;

  @Field({ type: 'string', description: '`next` of the page before.' })
  @IsCursor(RECORD_CURSORS, (query: AuditRecordsQuery) => recordCursorFilter(recordFilter(query), query.order))
  cursor?: ReadCursor<RecordPosition>;

  @Field({
    ...{ type: 'string', enum: ['asc', 'desc'], default: 'asc' },
    description: '`desc` gives the newest records first.',
  })
  @IsOneOf(() => ['asc', 'desc'])
  order?: Order;

  @Field({
    ...{ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    description: 'Records of a page; for `application/json` only.',
  })
  @IsWholeNumber({ min: 1, max: MAX_LIMIT })
  limit?: number;
}
