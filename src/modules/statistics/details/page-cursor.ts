import { MAX_ID } from '../../../platform/database/schema/max-id.js';
import { CursorCodec } from '../../../platform/http/paging/cursor.js';
import type { WindowPage } from '../../sessions/sessions.service.js';
import { isInstantText } from '../../../platform/time/instant.js';

/** The session after which a page begins: its true login as instant text, and its id. */
export type PagePosition = WindowPage['position'];

export const DETAILS_CURSORS = new CursorCodec<PagePosition>('session-details', {
  write: ({ login, id }) => [login, id],
  read: ([login, id, ...rest]) =>
    isInstantText(login) && Number.isInteger(id) && (id as number) > 0 && (id as number) <= MAX_ID && rest.length === 0
      ? { login, id: id as number }
      : undefined,
});
