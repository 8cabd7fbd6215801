import { applyDecorators } from '@nestjs/common';
import type { CursorCodec, CursorFilter, ReadCursor } from '../../paging/cursor.js';
import { ReadWith, Rule, Unreadable } from './read-with.js';

/**
 * A cursor that `codec` wrote, for the same filter. The field becomes a `ReadCursor`.
 *
 * @param filterOf the filter of the request; not called while another field is unreadable
 */
export function IsCursor<Position, T extends object>(
  codec: CursorCodec<Position>,
  filterOf: (request: T) => CursorFilter = () => ({}),
): PropertyDecorator {
  const belongs = (cursor: ReadCursor<Position>, request: T) =>
    Object.values(request).some((value) => value instanceof Unreadable) || codec.belongsTo(cursor, filterOf(request));
  return applyDecorators(
    ReadWith('isCursor', (value) => {
      const cursor = typeof value === 'string' ? codec.read(value) : undefined;
      return cursor ?? new Unreadable('is not a cursor of this list');
    }),
    Rule('cursorBelongsToFilter', (value, object) =>
      belongs(value as ReadCursor<Position>, object as T) ? undefined : 'belongs to a list with another filter',
    ),
  );
}
