import type { INestApplicationContext } from '@nestjs/common';
import type { AuditAction } from '../../modules/audit/port/audit-action.js';
import { SessionsQuery } from '../../modules/sessions/search/dto/sessions.query.js';
import { sessionFile } from '../../modules/sessions/search/session-file.js';
import { SessionListService } from '../../modules/sessions/search/session-list.service.js';
import type { ListFile } from '../../platform/http/streaming/list-files.js';
import type { Reading } from '../../platform/http/validation/reading.js';
import { strictQuery } from '../../platform/http/validation/strict-query.js';
import { SESSIONS_EXPORT } from './export.audit.js';
import type { ExportListName } from './export-options.js';
import { type ExportSpan, sessionSpan } from './export-span.js';

/** A question that was understood, before the database is open. */
export interface ExportQuestion {
  readonly action: AuditAction;
  /** Absent where the progress of the list cannot be told. */
  readonly span?: ExportSpan;
  file(app: INestApplicationContext, signal: AbortSignal): ListFile<object>;
}

type Question = (query: string, reading: Omit<Reading, 'texts'>) => ExportQuestion;

/**
 * The questions by the name of their list. The query text is that of the HTTP request with the same answer.
 *
 * Each throws ProblemError `invalid-parameter`.
 */
export const EXPORT_LISTS: Readonly<Record<ExportListName, Question>> = {
  sessions: (text, reading) => {
    const query = strictQuery(SessionsQuery, text, reading);
    return {
      action: SESSIONS_EXPORT,
      span: sessionSpan(query, reading.nowMs),
      file: (app, signal) => sessionFile(app.get(SessionListService), query, null, signal) as ListFile<object>,
    };
  },
};
