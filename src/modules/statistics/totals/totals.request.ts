import { MAX_ID } from '../../../platform/database/schema/max-id.js';
import { Field } from '../../../platform/http/validation/request-class.js';
import { FromParameter, ToParameter } from '../../../platform/http/validation/window-parameters.js';
import { IsEachTextLike } from '../../../platform/http/validation/rules/is-text.js';
import { IsWholeNumber } from '../../../platform/http/validation/rules/is-whole-number.js';

export const DEFAULT_NAMES = 100;
const MAX_NAMES = 1_000;

/** The parameters of `GET /api/v1/statistics/…`; instants in milliseconds since 1970. */
export class TotalsQuery {
  @FromParameter()
  from!: number;

  @ToParameter()
  to!: number;

  @Field({ type: 'array', items: { type: 'string' }, description: 'Guid of a client.' })
  @IsEachTextLike(/^[!-~]{1,64}$/, 'must be 1 to 64 visible ASCII characters')
  client?: string[];

  @Field({ type: 'integer', minimum: 1, maximum: MAX_ID, description: 'Id of a user.' })
  @IsWholeNumber({ min: 1, max: MAX_ID })
  userId?: number;

  @Field({
    ...{ type: 'integer', minimum: 1, maximum: MAX_NAMES, default: DEFAULT_NAMES },
    description: 'Number of names.',
  })
  @IsWholeNumber({ min: 1, max: MAX_NAMES })
  limit?: number;
}
