import type { CallFilter } from '../../../../platform/http/call.js';
import type { RowScope } from '../../../../platform/http/caller.js';
import { CursorCodec, type CursorFilter } from '../../../../platform/http/paging/cursor.js';
import { cursorFilter } from '../../search/session-cursors.js';
import type { SessionFilter } from '../../search/session-filter.js';
import type { RowKind } from '../timeline.repository.js';
import type { RowPlace } from './row-source.js';

export const ROW_KINDS = ['client', 'user'] as const satisfies readonly RowKind[];

/** What a caller asks for. */
export interface RowsQuestion {
  /** Its window has both bounds. */
  readonly filter: SessionFilter;
  readonly fromMs: number;
  readonly toMs: number;
  /** Pixels that show the window. */
  readonly width: number;
  readonly kind: RowKind;
  /** Whether rows without a session are returned, too. */
  readonly withEmpty: boolean;
  readonly rowScope: RowScope;
}

const MAX_NAME = 255;
const MAX_ID = 2 ** 31 - 1;

export const ROW_CURSORS = new CursorCodec<RowPlace>('timeline', {
  write: ({ name, id }) => [name, id],
  read: ([name, id, ...rest]) =>
    typeof name === 'string' &&
    name.length <= MAX_NAME &&
    Number.isInteger(id) &&
    (id as number) > 0 &&
    (id as number) <= MAX_ID &&
    rest.length === 0
      ? { name, id: id as number }
      : undefined,
});

type RowsFilter = Pick<RowsQuestion, 'filter' | 'kind' | 'withEmpty'>;

/** What a cursor belongs to; the width of the view may change. */
export function rowsCursorFilter({ filter, kind, withEmpty }: RowsFilter): CursorFilter {
  return { ...cursorFilter(filter, 'asc'), groupBy: kind, empty: String(withEmpty) };
}

/** What the audit records besides the conditions on sessions. */
export function recordedView(
  { width, kind, withEmpty }: RowsQuestion,
  place: RowPlace | null,
  offset: number | undefined,
): CallFilter {
  return {
    ...{ groupBy: kind, width, ...(withEmpty && { empty: 'true' }) },
    ...(offset !== undefined && { offset }),
    ...(place && { after: `${place.name} ${place.id}` }),
  };
}
