import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, schemaPath } from '../../../../platform/http/docs/decorators.js';
import { SessionListResponse, SessionResponse } from './session.response.js';

const DESCRIPTION = `The sessions that overlap \`[from, to)\`, or that are open at \`activeAt\`, in the order of their true login.
Either bound may be missing. Filters combine with "and"; a repeated parameter means any of its values.

\`application/json\` gives pages. \`application/x-ndjson\` and \`text/csv\` give all sessions of the question in one answer, from
one snapshot. A filter that matches little returns a short page with a \`next\` after a bounded amount of work.`;

/** The OpenAPI description of `GET /api/v1/sessions`. */
export const DocumentSessions = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Find sessions by time, client, user, state, origin or duration',
      description: DESCRIPTION,
    }),
    ApiExtraModels(SessionListResponse, SessionResponse),
    ApiResponse({
      status: 200,
      description: 'The sessions.',
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
      content: {
        'application/json': { schema: { $ref: schemaPath(SessionListResponse) } },
        'application/x-ndjson': { schema: { $ref: schemaPath(SessionResponse) } },
        'text/csv': { schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' }),
    ApiResponse({ status: 406, description: 'None of the accepted types can be given.' }),
    ApiResponse({ status: 503, description: 'The server is overloaded; `Retry-After` gives the time to wait.' }),
  );
