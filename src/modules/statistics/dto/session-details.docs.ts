import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { SessionDetailsPageResponse } from './session-details.response.js';
import { DocumentWindowRefusals } from './window.docs.js';

const DESCRIPTION = `Sessions as in \`GET /ekranapi/sessions\`, in the same order, a page at a time, each with how long it lasted and how much of
that was active. Parameters come in the query string, in a JSON object, or both if they agree.

\`pageIndex\` has the server count its way to the page, which takes longer the further it is. \`Link: <…>; rel="next"\` names
the next page by a \`cursor\`, which costs the same anywhere, and neither repeats nor leaves out a session when others are
added meanwhile. Send it with POST, too.`;

/** What the OpenAPI document says about `POST /ekranapi/sessions`. */
export const DocumentSessionDetails = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Sessions of a window, a page at a time, with their active and idle time',
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
