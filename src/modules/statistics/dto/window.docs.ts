import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** How a request with a window can be refused. */
export const DocumentWindowRefusals = () =>
  applyDecorators(
    ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' }),
    ApiResponse({
      status: 503,
      description: 'Too busy, or the time limit was reached; `Retry-After` says when to come back.',
    }),
  );
