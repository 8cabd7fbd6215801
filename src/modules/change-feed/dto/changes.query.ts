import { DEFAULT_LIMIT, MAX_LIMIT } from '../../../platform/http/paging/list-parameters.js';
import { Field } from '../../../platform/http/validation/request-class.js';
import { IsDurationText } from '../../../platform/http/validation/rules/is-duration-text.js';
import { IsEachOneOf, IsEachTextLike } from '../../../platform/http/validation/rules/is-text.js';
import { IsWholeNumber } from '../../../platform/http/validation/rules/is-whole-number.js';
import { IsNotLongerThan } from '../../../platform/http/validation/rules/is-not-longer-than.js';
import { CHANGE_KINDS, type ChangeKind } from '../../changes/port/change-kind.js';

const MAX_PLACE = 10 ** 15 - 1;
/** Milliseconds; below the idle limits that proxies have by default. */
const MAX_WAIT_MS = 50_000;

/** The parameters of `GET /api/v1/changes`. */
export class ChangesQuery {
  @Field({
    ...{ type: 'integer', minimum: 0, maximum: MAX_PLACE, default: 0 },
    description: 'The place after which the answer begins: `next` of the answer before; 0 for the first entry.',
  })
  @IsWholeNumber({ min: 0, max: MAX_PLACE })
  after?: number;

  @Field({
    ...{ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    description: 'Changes of an answer.',
  })
  @IsWholeNumber({ min: 1, max: MAX_LIMIT })
  limit?: number;

  @Field({
    ...{ type: 'string', example: '30s' },
    description: 'Holds an answer without changes until there is one, at most this long; up to 50 seconds.',
  })
  @IsNotLongerThan(MAX_WAIT_MS, '50s')
  @IsDurationText()
  wait?: number;

  @Field({ type: 'array', items: { type: 'string', enum: [...CHANGE_KINDS] }, description: 'What happened.' })
  @IsEachOneOf(CHANGE_KINDS)
  kind?: ChangeKind[];

  @Field({ type: 'array', items: { type: 'string' }, description: 'Guid of a client.' })
  @IsEachTextLike(/^[!-~]{1,64}$/, 'must be 1 to 64 visible ASCII characters')
  client?: string[];
}
