import { CursorCodec } from '../../../platform/http/paging/cursor.js';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 500;

/** The position is the id of the last key of the page before. */
export const KEY_CURSORS = new CursorCodec<number>('keys', {
  write: (id) => [id],
  read: ([id, ...rest]) =>
    Number.isInteger(id) && (id as number) > 0 && rest.length === 0 ? (id as number) : undefined,
});
