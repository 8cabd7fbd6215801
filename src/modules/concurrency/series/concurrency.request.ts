import { IsDefined } from 'class-validator';
import { Field } from '../../../platform/http/validation/request-class.js';
import type { ReadCursor } from '../../../platform/http/paging/cursor.js';
import { IsCursor } from '../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant, IsNotAfter } from '../../../platform/http/validation/rules/is-instant.js';
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
  @Field({
    ...{ required: true, type: 'string', example: '2021-04-01' },
    description: 'Start of the first bucket, in the forms of `start` of `GET /ekranapi/sessions`.',
  })
  @IsNotAfter('to')
  @IsInstant()
  @IsDefined({ message: 'is required' })
  from!: number;

  @Field({
    ...{ required: true, type: 'string', example: '2021-04-02' },
    description: 'End of the last bucket, which does not contain it.',
  })
  @IsInstant()
  @IsDefined({ message: 'is required' })
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
