import { Field } from '../../../platform/http/validation/request-class.js';
import type { ReadCursor } from '../../../platform/http/paging/cursor.js';
import { IsCursor } from '../../../platform/http/validation/rules/is-cursor.js';
import { IsWholeNumber } from '../../../platform/http/validation/rules/is-whole-number.js';
import { IsNotCombinedWith } from '../../../platform/http/validation/rules/read-with.js';
import { type TimeWindow, timeWindow } from '../../sessions/domain/time-window.js';
import { WindowQuery } from '../../sessions/dto/window.query.js';
import { DETAILS_CURSORS, type PagePosition } from './page-cursor.js';

const MAX_SESSION_COUNT = 1000;
const MAX_PAGE_INDEX = 2 ** 31 - 1;

/** The parameters of `POST /ekranapi/sessions`, from the query string, the body or both. */
export class SessionDetailsRequest extends WindowQuery {
  @Field({
    ...{ type: 'integer', minimum: 0, maximum: MAX_SESSION_COUNT, default: MAX_SESSION_COUNT },
    description: 'Number of sessions per page.',
  })
  @IsWholeNumber({ max: MAX_SESSION_COUNT })
  sessionCount?: number;

  @Field({
    ...{ type: 'integer', minimum: 0, maximum: MAX_PAGE_INDEX },
    description: 'Number of the page, starting from 0 (the default).',
  })
  @IsWholeNumber({ max: MAX_PAGE_INDEX })
  pageIndex?: number;

  @Field({
    ...{ type: 'string' },
    description: 'Cursor from the `Link` header of the previous page; replaces `pageIndex`.',
  })
  @IsNotCombinedWith('pageIndex')
  @IsCursor(DETAILS_CURSORS, (request: SessionDetailsRequest) => ({ ...timeWindow(request) }))
  cursor?: ReadCursor<PagePosition>;
}

/** The page that a request asks for. */
export interface DetailsQuestion {
  readonly window: TimeWindow;
  /** Sessions of a page, 0 to 1000. */
  readonly sessionCount: number;
  readonly pageIndex: number;
  /** The page begins after this session; then `pageIndex` is 0. */
  readonly after: PagePosition | null;
}

export function detailsQuestion(request: SessionDetailsRequest): DetailsQuestion {
  const { sessionCount = MAX_SESSION_COUNT, pageIndex = 0, cursor } = request;
  return { window: timeWindow(request), sessionCount, pageIndex, after: cursor?.position ?? null };
}
