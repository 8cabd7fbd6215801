import { DEFAULT_LIMIT, MAX_LIMIT } from '../../../platform/http/paging/list-parameters.js';
import type { ReadCursor } from '../../../platform/http/paging/cursor.js';
import { Field } from '../../../platform/http/validation/request-class.js';
import { IsCursor } from '../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant, IsNotAfter } from '../../../platform/http/validation/rules/is-instant.js';
import { IsWholeNumber } from '../../../platform/http/validation/rules/is-whole-number.js';
import { OVERLAP_CURSORS, type OverlapPosition, type OverlapsFilter, recordedFilter } from './overlaps-question.js';

const MAX_CLIENTS = 1000;

/** The parameters of `GET /api/v1/overlaps`; instants in milliseconds since 1970. */
export class OverlapsQuery {
  @Field({
    type: 'string',
    description:
      'First instant, in the forms of `start` of `GET /ekranapi/sessions`. Without it, from the first session.',
  })
  @IsNotAfter('to')
  @IsInstant()
  from?: number;

  @Field({ type: 'string', description: 'First instant after the range. Without it, to the last session.' })
  @IsInstant()
  to?: number;

  @Field({
    ...{ type: 'integer', minimum: 2, maximum: MAX_CLIENTS, default: 2 },
    description: 'On how many different clients at once the user must be.',
  })
  @IsWholeNumber({ min: 2, max: MAX_CLIENTS })
  minClients?: number;

  @Field({ type: 'string', description: '`next` of the page before.' })
  @IsCursor(OVERLAP_CURSORS, (query: OverlapsQuery) => recordedFilter(overlapsFilter(query)))
  cursor?: ReadCursor<OverlapPosition>;

  @Field({
    ...{ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    description: 'Overlaps of a page; for `application/json` only.',
  })
  @IsWholeNumber({ min: 1, max: MAX_LIMIT })
  limit?: number;
}

export function overlapsFilter({ from, to, minClients = 2 }: OverlapsQuery): OverlapsFilter {
  return { fromMs: from ?? null, toMs: to ?? null, minClients };
}
