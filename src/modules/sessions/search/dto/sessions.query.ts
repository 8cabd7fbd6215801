import {
  CountParameter,
  LimitParameter,
  type Order,
  OrderParameter,
} from '../../../../platform/http/paging/list-parameters.js';
import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant, IsNotAfter } from '../../../../platform/http/validation/rules/is-instant.js';
import { IsTextLike } from '../../../../platform/http/validation/rules/is-text.js';
import { IsNotCombinedWith, Rule } from '../../../../platform/http/validation/rules/read-with.js';
import { timeWindow } from '../../domain/time-window.js';
import type { Position } from '../../windows/session-row.js';
import { SESSION_CURSORS, cursorFilter } from '../session-cursors.js';
import type { SessionFilter } from '../session-filter.js';
import { SessionConditions, conditionsOf } from './session-conditions.js';

const FORMS =
  'A date (`2021-04-01`) or a time (`2021-04-01T12:00:00.000`), with `Z`, with an offset, or in the time zone of the API.';

/** Without a bound, every activity of the database would have to be read. */
function NeedsWindow(): PropertyDecorator {
  return Rule('needsWindow', (_value, object) => {
    const { from, to } = object as SessionsQuery;
    const isBounded = from !== undefined || to !== undefined;
    return isBounded ? undefined : 'needs from or to: without a window every activity of the database would be read';
  });
}

/** The parameters of `GET /api/v1/sessions`; instants in milliseconds since 1970, durations in milliseconds. */
export class SessionsQuery extends SessionConditions {
  @OrderParameter()
  order?: Order;

  @LimitParameter()
  limit?: number;

  @CountParameter()
  count?: 'exact';

  @Field({
    ...{ type: 'string', example: '2021-04-01T00:00:00Z' },
    description: `First instant of the window \`[from, to)\`. ${FORMS}`,
  })
  @IsNotAfter('to')
  @IsInstant()
  from?: number;

  @Field({
    ...{ type: 'string', example: '2021-04-02T00:00:00Z' },
    description: `First instant after the window. ${FORMS}`,
  })
  @IsInstant()
  to?: number;

  @Field({ type: 'string', description: 'Sessions that are open at this instant; instead of `from` and `to`.' })
  @IsNotCombinedWith('to')
  @IsNotCombinedWith('from')
  @IsInstant()
  activeAt?: number;

  @Field({
    ...{ type: 'string' },
    description:
      'Sessions with an activity of this application inside the window. Needs a window and `activities:read`; together with ' +
      '`text`, one activity must fulfil both.',
  })
  @NeedsWindow()
  @IsTextLike(/^.{1,255}$/su, 'must be 1 to 255 characters')
  application?: string;

  @Field({
    ...{ type: 'string' },
    description:
      'Sessions with an activity inside the window whose title or URL contains this text, regardless of case. Needs a ' +
      'window and `activities:read`.',
  })
  @NeedsWindow()
  @IsTextLike(/^.{2,255}$/su, 'must be 2 to 255 characters')
  text?: string;

  @Field({ type: 'string', description: '`next` of the page before. It belongs to the filter and the order.' })
  @IsCursor(SESSION_CURSORS, (query: SessionsQuery) => cursorFilter(sessionFilter(query), query.order ?? 'asc'))
  cursor?: ReadCursor<Position>;
}

export function sessionFilter(query: SessionsQuery): SessionFilter {
  const { from, to, activeAt, application, text } = query;
  return {
    window:
      activeAt === undefined ? timeWindow({ start: from, end: to }) : timeWindow({ start: activeAt, end: activeAt }),
    isInstant: activeAt !== undefined,
    ...conditionsOf(query),
    ...(application === undefined && text === undefined ? {} : { activity: { application, text } }),
  };
}
