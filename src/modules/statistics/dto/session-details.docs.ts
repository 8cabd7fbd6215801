import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { SessionDetailsPageResponse } from './session-details.response.js';
import { DocumentWindow } from './window.docs.js';

const DESCRIPTION = `Sessions as in \`GET /ekranapi/sessions\`, in the same order, a page at a time, each with how long it lasted and how much of
that was active. Parameters come in the query string, in a JSON object, or both if they agree.

\`pageIndex\` has the server count its way to the page, which takes longer the further it is. \`Link: <…>; rel="next"\` names
the next page by a \`cursor\`, which costs the same anywhere, and neither repeats nor leaves out a session when others are
added meanwhile. Send it with POST, too.`;

const COUNT = { type: 'integer', minimum: 0, maximum: 1000, default: 1000 };
const INDEX = { type: 'integer', minimum: 0, default: 0 };

/** What the OpenAPI document says about `POST /ekranapi/sessions`. */
export const DocumentSessionDetails = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Sessions of a window, a page at a time, with their active and idle time',
      description: DESCRIPTION,
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      description: 'From the Link header of the page before; instead of `pageIndex`.',
      schema: { type: 'string' },
    }),
    ApiQuery({ name: 'pageIndex', required: false, description: 'From 0.', schema: INDEX }),
    ApiQuery({ name: 'sessionCount', required: false, description: 'Sessions of a page.', schema: COUNT }),
    DocumentWindow(),
    ApiBody({
      required: false,
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          start: { type: 'string' },
          end: { type: 'string' },
          sessionCount: COUNT,
          pageIndex: INDEX,
          cursor: { type: 'string' },
        },
        example: { start: '2021-04-01', end: '2021-05-01', sessionCount: 500, pageIndex: 0 },
      },
    } as Parameters<typeof ApiBody>[0]),
    ApiOkResponse({
      type: SessionDetailsPageResponse,
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
    }),
    ApiResponse({ status: 413, description: 'The body is larger than 16 KiB.' }),
    ApiResponse({ status: 415, description: 'The body is not application/json.' }),
  );
