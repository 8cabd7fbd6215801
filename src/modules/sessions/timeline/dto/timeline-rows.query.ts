import { IsDefined } from 'class-validator';
import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import { CountParameter } from '../../../../platform/http/paging/list-parameters.js';
import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant, IsNotAfter } from '../../../../platform/http/validation/rules/is-instant.js';
import { IsOneOf } from '../../../../platform/http/validation/rules/is-text.js';
import { IsWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';
import { IsNotCombinedWith } from '../../../../platform/http/validation/rules/read-with.js';
import { timeWindow } from '../../domain/time-window.js';
import { SessionConditions, conditionsOf } from '../../search/dto/session-conditions.js';
import type { SessionFilter } from '../../search/session-filter.js';
import type { RowKind } from '../timeline.repository.js';
import { ROW_CURSORS, ROW_KINDS, type RowsQuestion, rowsCursorFilter } from '../rows/row-question.js';
import type { RowPlace } from '../rows/row-source.js';

export const DEFAULT_ROWS = 50;
const MAX_ROWS = 100;
const DEFAULT_WIDTH = 1600;
const MAX_WIDTH = 8192;
const MAX_OFFSET = 2 ** 31 - 1;

/** The window and the width of a view; instants in milliseconds since 1970. */
export class TimelineQuery extends SessionConditions {
  @Field({
    ...{ required: true, type: 'string', example: '2021-04-01' },
    description: 'First instant of the window, in the forms of `start` of `GET /ekranapi/sessions`.',
  })
  @IsNotAfter('to')
  @IsInstant()
  @IsDefined({ message: 'is required' })
  from!: number;

  @Field({
    ...{ required: true, type: 'string', example: '2021-04-02' },
    description: 'First instant after the window.',
  })
  @IsInstant()
  @IsDefined({ message: 'is required' })
  to!: number;

  @Field({
    ...{ type: 'integer', minimum: 1, maximum: MAX_WIDTH, default: DEFAULT_WIDTH },
    description: 'Pixels that show the window. A bucket has at least two.',
  })
  @IsWholeNumber({ min: 1, max: MAX_WIDTH })
  width?: number;
}

/** The parameters of `GET /api/v1/timeline/rows`. */
export class TimelineRowsQuery extends TimelineQuery {
  @Field({ ...{ type: 'string', enum: [...ROW_KINDS], default: 'client' }, description: 'What a row stands for.' })
  @IsOneOf(() => ROW_KINDS)
  groupBy?: RowKind;

  @Field({
    ...{ type: 'string', enum: ['true', 'false'], default: 'false' },
    description: 'Whether clients or users without a session in the window have a row, too.',
  })
  @IsOneOf(() => ['true', 'false'])
  empty?: 'true' | 'false';

  @Field({
    ...{ type: 'integer', minimum: 1, maximum: MAX_ROWS, default: DEFAULT_ROWS },
    description: 'Rows of a page.',
  })
  @IsWholeNumber({ min: 1, max: MAX_ROWS })
  limit?: number;

  @CountParameter()
  count?: 'exact';

  @Field({
    ...{ type: 'integer', minimum: 0, maximum: MAX_OFFSET },
    description:
      'Rows before the page; instead of `cursor`. Only the last page is then short. A late page takes longer than one by cursor.',
  })
  @IsNotCombinedWith('cursor')
  @IsWholeNumber({ min: 0, max: MAX_OFFSET })
  offset?: number;

  @Field({
    type: 'string',
    description: '`next` of the page before. It belongs to the filter, the window and `groupBy`, not to the width.',
  })
  @IsCursor(ROW_CURSORS, (query: TimelineRowsQuery) => rowsCursorFilter(view(query)))
  cursor?: ReadCursor<RowPlace>;
}

/** The filter of a view. A required bound may still be missing while a request is checked. */
export function timelineFilter(query: TimelineQuery): SessionFilter {
  return { window: timeWindow({ start: query.from, end: query.to }), isInstant: false, ...conditionsOf(query) };
}

function view(query: TimelineRowsQuery): Omit<RowsQuestion, 'rowScope'> {
  const { from, to, width = DEFAULT_WIDTH, groupBy = 'client', empty } = query;
  return {
    ...{ filter: timelineFilter(query), fromMs: from, toMs: to, width },
    ...{ kind: groupBy, withEmpty: empty === 'true' },
  };
}

export function rowsQuestion(query: TimelineRowsQuery, rowScope: RowsQuestion['rowScope']): RowsQuestion {
  return { ...view(query), rowScope };
}
