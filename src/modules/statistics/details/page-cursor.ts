import { CursorCodec } from '../../../platform/http/paging/cursor.js';
import type { WindowPage } from '../../sessions/sessions.service.js';

/** The session after which a page begins: its true login as instant text, and its id. */
export type PagePosition = WindowPage['position'];

const MAX_ID = 2 ** 31 - 1;

export const DETAILS_CURSORS = new CursorCodec<PagePosition>('session-details', {
  write: ({ login, id }) => [login, id],
  read: ([login, id, ...rest]) =>
    isInstantText(login) && Number.isInteger(id) && (id as number) > 0 && (id as number) <= MAX_ID && rest.length === 0
      ? { login, id: id as number }
      : undefined,
});

/** Date is lenient, so the text must be what Date would write. */
function isInstantText(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(text)) return false;
  const date = new Date(`${text.replace(' ', 'T')}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().replace('T', ' ').slice(0, 23) === text;
}
