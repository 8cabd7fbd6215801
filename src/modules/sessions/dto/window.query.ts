import { Field } from '../../../platform/http/validation/request-class.js';
import { IsInstant, IsNotAfter } from '../../../platform/http/validation/rules/is-instant.js';

const FORMS =
  'A date (`2021-04-01`) or a time (`2021-04-01T12:00:00.000`), with `Z`, with an offset, or in the time zone of the API.';

/** The window `[start, end)` of a request; instants in milliseconds since 1970. */
export class WindowQuery {
  @Field({
    ...{ type: 'string', example: '2021-04-01T00:00:00Z' },
    description: `First instant of the window. ${FORMS}`,
  })
  @IsNotAfter('end')
  @IsInstant()
  start?: number;

  @Field({
    ...{ type: 'string', example: '2021-04-02T00:00:00Z' },
    description: `First instant after the window. ${FORMS}`,
  })
  @IsInstant()
  end?: number;
}
