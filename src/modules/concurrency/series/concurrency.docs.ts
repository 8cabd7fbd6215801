import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, schemaPath } from '../../../platform/http/docs/decorators.js';
import { ConcurrencyPageResponse, ConcurrencyResponse } from './concurrency.response.js';

const DESCRIPTION = `Divides \`[from, to)\` into buckets and counts sessions in each of them, exactly. A session is open in \`[login, end)\`; a live
session has no end yet, so it is open in every later bucket. A session without a length counts as a login and an end only.

Days, weeks (from Monday) and months are those of the time zone of the API: a day on which the clocks change has 23 or 25
hours and is one bucket. Shorter steps are counted from the start of each local day. Bounds that are not aligned with the
step make the first and the last bucket shorter. Buckets in which nothing happened are listed, too, except with \`groupBy\`.

\`application/x-ndjson\` and \`text/csv\` give all items in one answer, from one snapshot.`;

/** What the OpenAPI document says about `GET /api/v1/concurrency`. */
export const DocumentConcurrency = () =>
  applyDecorators(
    ApiOperation({
      summary: 'How many sessions were open, by minute, hour, day, week or month',
      description: DESCRIPTION,
    }),
    ApiExtraModels(ConcurrencyPageResponse, ConcurrencyResponse),
    ApiResponse({
      status: 200,
      description: 'The buckets.',
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
      content: {
        'application/json': { schema: { $ref: schemaPath(ConcurrencyPageResponse) } },
        'application/x-ndjson': { schema: { $ref: schemaPath(ConcurrencyResponse) } },
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
