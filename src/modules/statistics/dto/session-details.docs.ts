import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse } from '../../../platform/http/docs/decorators.js';
import { SessionDetailsPageResponse } from './session-details.response.js';
import { DocumentWindowRefusals } from './window.docs.js';

const DESCRIPTION = `Returns one page of the sessions of \`GET /ekranapi/sessions\`, in the same order, each with its duration and active time.
Parameters may be sent in the query string, in a JSON object, or in both if they agree.

With \`pageIndex\` the server counts sessions up to the page, which takes longer for later pages. \`Link: <…>; rel="next"\`
contains the URL of the next page with a \`cursor\`. A cursor takes the same time for every page, and does not repeat or omit
sessions when others are added in the meantime. Request that URL with POST, too.`;

/** What the OpenAPI document says about `POST /ekranapi/sessions`. */
export const DocumentSessionDetails = () =>
  applyDecorators(
    ApiOperation({
      summary: 'One page of the sessions of a window, with active and idle time',
      description: DESCRIPTION,
    }),
    DocumentWindowRefusals(),
    ApiOkResponse({
      type: SessionDetailsPageResponse,
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
    }),
    ApiResponse({ status: 413, description: 'The body is larger than 16 KiB.' }),
    ApiResponse({ status: 415, description: 'The body is not application/json.' }),
  );
