import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, schemaPath } from '../../../platform/http/docs/decorators.js';
import { OverlapsPageResponse, OverlapResponse } from './overlaps.response.js';

const DESCRIPTION = `Returns each maximal interval in which a user has sessions on at least \`minClients\` different clients at every instant, with
the sessions that are open in it. Several sessions on one client count once. A session is open in \`[login, end)\`, so a user
who leaves one client and enters another at the same instant is not on both. Intervals are cut at \`from\` and \`to\`.

Ordered by start, then by user id. A page may be shorter than \`limit\`, even empty, and still have a \`next\`.
\`application/x-ndjson\` and \`text/csv\` give all overlaps in one answer, from one snapshot.`;

/** What the OpenAPI document says about `GET /api/v1/overlaps`. */
export const DocumentOverlaps = () =>
  applyDecorators(
    ApiOperation({ summary: 'Users who were on several clients at the same time', description: DESCRIPTION }),
    ApiExtraModels(OverlapsPageResponse, OverlapResponse),
    ApiResponse({
      status: 200,
      description: 'The overlaps.',
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
      content: {
        'application/json': { schema: { $ref: schemaPath(OverlapsPageResponse) } },
        'application/x-ndjson': { schema: { $ref: schemaPath(OverlapResponse) } },
        'text/csv': { schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' }),
    ApiResponse({ status: 406, description: 'None of the accepted types can be given.' }),
    ApiResponse({
      status: 503,
      description: 'The server is overloaded, or the time limit was reached; `Retry-After` gives the time to wait.',
    }),
  );
