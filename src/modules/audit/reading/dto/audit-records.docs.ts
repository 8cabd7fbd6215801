import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiQuery, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { AUDIT_ACTIONS } from '../../port/audit-action.js';
import { RECORD_KINDS } from '../../chain/audit-record.js';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../record-question.js';
import { AuditRecordResponse, AuditRecordsResponse } from './audit-record.response.js';

const string = (example: string) => ({ type: 'string', example }) as const;

const PARAMETERS = [
  { name: 'from', description: 'First instant.', schema: string('2021-04-01T00:00:00Z') },
  { name: 'to', description: 'First instant that is too late.', schema: string('2021-04-02T00:00:00Z') },
  { name: 'caller', description: 'Prefix of a key.', schema: string('k3m2pq7a') },
  { name: 'action', description: 'What the call was.', schema: { type: 'string', enum: AUDIT_ACTIONS } },
  { name: 'address', description: 'Address of the caller.', schema: string('192.0.2.7') },
  {
    name: 'status',
    description: 'HTTP status, or the exit code of a command.',
    schema: { type: 'integer', example: 403 },
  },
  { name: 'kind', description: 'Kind of the record.', schema: { type: 'string', enum: [...RECORD_KINDS] } },
  { name: 'cursor', description: '`next` of the page before.', schema: { type: 'string' } },
  {
    name: 'limit',
    description: 'Records of a page; for `application/json` only.',
    schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  },
] as const;

/** The OpenAPI description of `GET /api/v1/audit/records`. */
export const DocumentAuditRecords = () =>
  applyDecorators(
    ApiOperation({
      summary: 'The audit records, oldest first',
      description:
        'Filters combine. `application/json` gives pages: `next` in the body and `Link: rel="next"` lead to the following ' +
        'one. `application/x-ndjson` and `text/csv` stream all records of the question. In CSV an apostrophe stands before ' +
        'a text that a spreadsheet would take for a formula. This call is recorded, too.',
    }),
    // Decorators apply from the last to the first.
    ...[...PARAMETERS].reverse().map((p) => ApiQuery({ ...p, required: false } as never)),
    ApiExtraModels(AuditRecordResponse, AuditRecordsResponse),
    ApiResponse({
      status: 200,
      description: 'The records.',
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
      content: {
        'application/json': { schema: { $ref: getSchemaPath(AuditRecordsResponse) } },
        'application/x-ndjson': { schema: { $ref: getSchemaPath(AuditRecordResponse) } },
        'text/csv': { schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' }),
    ApiResponse({ status: 406, description: 'None of the accepted types can be given.' }),
    ApiResponse({ status: 503, description: 'Too busy; `Retry-After` says when to come back.' }),
  );
