import { Field } from '../../../platform/http/validation/request-class.js';
import type { ReadCursor } from '../../../platform/http/paging/cursor.js';
import { IsCursor } from '../../../platform/http/validation/rules/is-cursor.js';
import { FromParameter, ToParameter } from '../../../platform/http/validation/window-parameters.js';
import { IsOneOf } from '../../../platform/http/validation/rules/is-text.js';
import { IsWholeNumber } from '../../../platform/http/validation/rules/is-whole-number.js';
import { ReadWith, Unreadable } from '../../../platform/http/validation/rules/read-with.js';
import {
  GROUPINGS,
  type Grouping,
  SERIES_CURSORS,
  type Series,
  type SeriesPosition,
  seriesFilter,
} from './concurrency-question.js';
import { STEP_FORMS, type Step, parseStep } from './step.js';

/** Items of a page: more than the hours of a year. */
export const MAX_ITEMS = 10_000;
const HOUR: Step = parseStep('1h')!;

/** The parameters of `GET /api/v1/concurrency`; instants in milliseconds since 1970. */
export class ConcurrencyQuery {
  @FromParameter('Start of the first bucket')
  from!: number;

  @ToParameter('End of the last bucket, which does not contain it.')
  to!: number;

  @Field({ type: 'string', default: '1h', description: `Length of a bucket: ${STEP_FORMS}.` })
  @ReadWith('isStep', (value) => parseStep(value) ?? new Unreadable(`must be ${STEP_FORMS.replaceAll('`', '')}`))
  step?: Step;

  @Field({
    ...{ type: 'string', enum: [...GROUPINGS] },
    description: 'Counts each client or user separately. Those without a session in a bucket are left out of it.',
  })
  @IsOneOf(() => GROUPINGS)
  groupBy?: Grouping;

  @Field({ type: 'string', description: '`next` of the page before.' })
  @IsCursor(SERIES_CURSORS, (query: ConcurrencyQuery) => seriesFilter(series(query)))
  cursor?: ReadCursor<SeriesPosition>;

  @Field({
    ...{ type: 'integer', minimum: 1, maximum: MAX_ITEMS, default: MAX_ITEMS },
    description: 'Items of a page; for `application/json` only.',
  })
  @IsWholeNumber({ min: 1, max: MAX_ITEMS })
  limit?: number;
}

export function series({ from, to, step = HOUR, groupBy = undefined }: ConcurrencyQuery): Series {
  return { fromMs: from, toMs: to, step, groupBy: groupBy ?? null };
}
