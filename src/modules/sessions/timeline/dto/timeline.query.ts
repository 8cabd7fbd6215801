import { Field } from '../../../../platform/http/validation/request-class.js';
import { FromParameter, ToParameter } from '../../../../platform/http/validation/window-parameters.js';
import { IsWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';
import { timeWindow } from '../../domain/time-window.js';
import { SessionConditions, conditionsOf } from '../../search/dto/session-conditions.js';
import type { SessionFilter } from '../../search/session-filter.js';

export const DEFAULT_WIDTH = 1600;
const MAX_WIDTH = 8192;

/** The window and the width of a view; instants in milliseconds since 1970. */
export class TimelineQuery extends SessionConditions {
  @FromParameter()
  from!: number;

  @ToParameter()
  to!: number;

  @Field({
    ...{ type: 'integer', minimum: 1, maximum: MAX_WIDTH, default: DEFAULT_WIDTH },
    description: 'Pixels that show the window. A bucket has at least two.',
  })
  @IsWholeNumber({ min: 1, max: MAX_WIDTH })
  width?: number;
}

/** The filter of a view. A required bound may still be missing while a request is checked. */
export function timelineFilter(query: TimelineQuery): SessionFilter {
  return { window: timeWindow({ start: query.from, end: query.to }), isInstant: false, ...conditionsOf(query) };
}
