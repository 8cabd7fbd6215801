import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse } from '../../../platform/http/docs/decorators.js';
import { ConcurrencyPageResponse } from './concurrency.response.js';

const DESCRIPTION = `Divides \`[from, to)\` into buckets and counts sessions in each of them, exactly. A session is open in \`[login, end)\`; a live
session has no end yet, so it is open in every later bucket. A session without a length counts as a login and an end only.

Days, weeks (from Monday) and months are those of the time zone of the API: a day on which the clocks change has 23 or 25
hours and is one bucket. Shorter steps are counted from the start of each local day. Bounds that are not aligned with the
step make the first and the last bucket shorter. Buckets in which nothing happened are listed, too, except with \`groupBy\`.`;

/** What the OpenAPI document says about `GET /api/v1/concurrency`. */
export const DocumentConcurrency = () =>
  applyDecorators(
    ApiOperation({
      summary: 'How many sessions were open, by minute, hour, day, week or month',
      description: DESCRIPTION,
    }),
    ApiOkResponse({
      type: ConcurrencyPageResponse,
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
    }),
    ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' }),
    ApiResponse({
      status: 503,
      description: 'The server is overloaded, or the time limit was reached; `Retry-After` gives the time to wait.',
    }),
  );
