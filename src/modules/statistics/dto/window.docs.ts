import { applyDecorators } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';

const BOUND =
  'A date (`2021-04-01`) or a time (`2021-04-01T12:00:00.000`), with `Z`, an offset, or in the zone of the API.';

/** What the OpenAPI document says about a window in the query string. */
export const DocumentWindow = () =>
  applyDecorators(
    // Decorators apply from the last to the first: `start` comes first in the document.
    ApiQuery({
      name: 'end',
      required: false,
      description: `First instant after the window. ${BOUND}`,
      schema: { type: 'string', example: '2021-04-02' },
    }),
    ApiQuery({
      name: 'start',
      required: false,
      description: `First instant of the window. ${BOUND}`,
      schema: { type: 'string', example: '2021-04-01' },
    }),
    DocumentRefusals(),
  );

export const DocumentRefusals = () =>
  applyDecorators(
    ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' }),
    ApiResponse({
      status: 503,
      description: 'Too busy, or the time limit was reached; `Retry-After` says when to come back.',
    }),
  );
