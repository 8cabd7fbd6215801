import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import { CountParameter } from '../../../../platform/http/paging/list-parameters.js';
import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsOneOf } from '../../../../platform/http/validation/rules/is-text.js';
import { IsWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';
import { IsNotCombinedWith } from '../../../../platform/http/validation/rules/read-with.js';
import type { RowKind } from '../timeline.repository.js';
import { ROW_CURSORS, ROW_KINDS, type RowsQuestion, rowsCursorFilter } from '../rows/row-question.js';
import type { RowPlace } from '../rows/row-source.js';
import { DEFAULT_WIDTH, TimelineQuery, timelineFilter } from './timeline.query.js';

export const DEFAULT_ROWS = 50;
const MAX_ROWS = 100;
const MAX_OFFSET = 2 ** 31 - 1;

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
