import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import { ListParameters } from '../../../../platform/http/paging/list-parameters.js';
import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant, IsNotAfter } from '../../../../platform/http/validation/rules/is-instant.js';
import { IsTextLike } from '../../../../platform/http/validation/rules/is-text.js';
import { timeWindow } from '../../domain/time-window.js';
import { ACTIVITY_CURSORS, type ActivityPlace } from '../activity-cursors.js';

/** The parameters of `GET /api/v1/sessions/{sessionId}/activities`; instants in milliseconds since 1970. */
export class ActivitiesQuery extends ListParameters {
  @Field({ type: 'string', description: 'First instant.' })
  @IsNotAfter('to')
  @IsInstant()
  from?: number;

  @Field({ type: 'string', description: 'First instant after the activities.' })
  @IsInstant()
  to?: number;

  @Field({ type: 'string', description: 'Only activities of this application.' })
  @IsTextLike(/^.{1,255}$/su, 'must be 1 to 255 characters')
  application?: string;

  @Field({ type: 'string', description: 'Only activities whose title or URL contains this text, regardless of case.' })
  @IsTextLike(/^.{2,255}$/su, 'must be 2 to 255 characters')
  text?: string;

  @Field({ type: 'string', description: '`next` of the page before. It belongs to the filter and the order.' })
  @IsCursor(ACTIVITY_CURSORS, (query: ActivitiesQuery) => activityFilterOf(query))
  cursor?: ReadCursor<ActivityPlace>;
}

/** The filter as it was understood. A cursor of one session may be used with another: it is only an instant. */
export function activityFilterOf(query: ActivitiesQuery): Record<string, string> {
  const { application, text, order = 'asc' } = query;
  const { start, end } = timeWindow({ start: query.from, end: query.to });
  const values = { from: start, to: end, application, text, order };
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as Record<string, string>;
}
