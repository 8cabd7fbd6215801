import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, schemaPath } from './decorators.js';

interface ListDocs {
  readonly summary: string;
  readonly description: string;
  /** Class of the page in `application/json`. */
  readonly page: new () => object;
  /** Class of a line in `application/x-ndjson`. */
  readonly item: new () => object;
}

const FORMATS = `\`application/json\` gives pages. \`application/x-ndjson\` and \`text/csv\` give all items in one answer, from one
snapshot. A filter that matches little returns a short page with a \`next\` after a bounded amount of work.`;

/** The OpenAPI description of a list that `ListAnswers` sends. */
export const DocumentList = ({ summary, description, page, item }: ListDocs) =>
  applyDecorators(
    ApiOperation({ summary, description: `${description}\n\n${FORMATS}` }),
    ApiExtraModels(page, item),
    ApiResponse({
      status: 200,
      description: 'The items.',
      headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
      content: {
        'application/json': { schema: { $ref: schemaPath(page) } },
        'application/x-ndjson': { schema: { $ref: schemaPath(item) } },
        'text/csv': { schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' }),
    ApiResponse({ status: 406, description: 'None of the accepted types can be given.' }),
    ApiResponse({ status: 503, description: 'The server is overloaded; `Retry-After` gives the time to wait.' }),
  );
