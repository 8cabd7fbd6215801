import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, schemaPath } from '../../../../platform/http/docs/decorators.js';
import { AuditRecordResponse, AuditRecordsResponse } from './audit-record.response.js';

/** The OpenAPI description of `GET /api/v1/audit/records`. */
export const DocumentAuditRecords = () =>
  applyDecorators(
    ApiOperation({
      summary: 'The audit records, oldest first or newest first',
      description:
        'Filters combine. `application/json` gives pages: `next` in the body and `Link: rel="next"` lead to the following ' +
        'one. `application/x-ndjson` and `text/csv` stream all records of the question. In CSV an apostrophe stands before ' +
        'a text that a spreadsheet would take for a formula. This call is recorded, too.',
    }),
    ApiExtraModels(AuditRecordResponse, AuditRecordsResponse),
    ApiResponse({
      status: 200,
      description: 'The records.',
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
      content: {
        'application/json': { schema: { $ref: schemaPath(AuditRecordsResponse) } },
        'application/x-ndjson': { schema: { $ref: schemaPath(AuditRecordResponse) } },
        'text/csv': { schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' }),
    ApiResponse({ status: 406, description: 'None of the accepted types can be given.' }),
    ApiResponse({ status: 503, description: 'Too busy; `Retry-After` says when to come back.' }),
  );
