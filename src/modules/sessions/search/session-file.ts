import type { RowScope } from '../../../platform/http/caller.js';
import type { ListFile } from '../../../platform/http/streaming/list-files.js';
import type { ShownSession } from './shown-session.js';
import { type SessionsQuery, sessionFilter } from './dto/sessions.query.js';
import { SESSION_COLUMNS } from './session-columns.js';
import { understoodFilter } from './session-cursors.js';
import type { SessionListService } from './session-list.service.js';

/** All sessions of a query, as a file of `GET /api/v1/sessions` or of the command line contains them. */
export function sessionFile(
  sessions: SessionListService,
  query: SessionsQuery,
  rowScope: RowScope,
  signal: AbortSignal,
): ListFile<ShownSession> {
  const filter = sessionFilter(query);
  const { order = 'asc' } = query;
  const after = query.cursor?.position ?? null;
  return {
    understood: { ...understoodFilter(filter), order, ...(after && { after: `${after.login} ${after.id}` }) },
    columns: SESSION_COLUMNS,
    encoder: sessions.encoder,
    all: () => sessions.all({ filter, order, rowScope }, after, signal),
  };
}
