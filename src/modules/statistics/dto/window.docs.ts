import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '../../../platform/http/docs/decorators.js';

/** How a request with a window can be refused. */
export const DocumentWindowRefusals = () =>
  applyDecorators(
    ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' }),
    ApiResponse({
      status: 503,
      description: 'The server is overloaded, or the time limit was reached; `Retry-After` gives the time to wait.',
    }),
  );
