import type { INestApplicationContext } from '@nestjs/common';
import type { AuditAction } from '../../modules/audit/port/audit-action.js';
import { overlapsFile } from '../../modules/concurrency/overlaps/overlaps-file.js';
import { OverlapsQuery } from '../../modules/concurrency/overlaps/overlaps.request.js';
import { OverlapsService } from '../../modules/concurrency/overlaps/overlaps.service.js';
import { concurrencyFile } from '../../modules/concurrency/series/concurrency-file.js';
import { ConcurrencyQuery } from '../../modules/concurrency/series/concurrency.request.js';
import { ConcurrencyService } from '../../modules/concurrency/series/concurrency.service.js';
import { DirectoryService } from '../../modules/directory/directory.service.js';
import { ClientsQuery, UsersQuery } from '../../modules/sessions/presence/dto/presence.query.js';
import { PresenceAnswersService } from '../../modules/sessions/presence/presence-answers.service.js';
import {
  CLIENTS_SHOWN,
  USERS_SHOWN,
  clientSource,
  userSource,
} from '../../modules/sessions/presence/presence-sources.js';
import { SessionsQuery } from '../../modules/sessions/search/dto/sessions.query.js';
import { sessionFile } from '../../modules/sessions/search/session-file.js';
import { SessionListService } from '../../modules/sessions/search/session-list.service.js';
import { activityFile, activityQuestion } from '../../modules/sessions/single-session/activity-file.js';
import { ActivityListService } from '../../modules/sessions/single-session/activity-list.service.js';
import { ActivitiesQuery } from '../../modules/sessions/single-session/dto/activities.query.js';
import type { ListFile } from '../../platform/http/streaming/list-files.js';
import type { RequestClass } from '../../platform/http/validation/request-class.js';
import * as actions from './export.audit.js';
import type { ExportListName } from './export-options.js';
import { type ExportSpan, sessionSpan } from './export-span.js';

/** What a list needs from its query. @typeParam Query an instance of the request class */
interface ExportList<Query extends object = object> {
  readonly type: RequestClass<Query>;
  readonly action: AuditAction;
  /** Absent where the progress of the list cannot be told. */
  readonly span?: (query: Query, nowMs: number) => ExportSpan | undefined;
  /** @param sessionId of the list of activities */
  file(app: INestApplicationContext, query: Query, signal: AbortSignal, sessionId: number): ListFile<object>;
}

/** The lists by their names; callers of the command line are not limited to clients. */
export const EXPORT_LISTS: Readonly<Record<ExportListName, ExportList>> = {
  sessions: list({
    type: SessionsQuery,
    action: actions.SESSIONS_EXPORT,
    span: sessionSpan,
    file: (app, query, signal) => anyItem(sessionFile(app.get(SessionListService), query, null, signal)),
  }),
  activities: list({
    type: ActivitiesQuery,
    action: actions.ACTIVITIES_EXPORT,
    file: (app, query, signal, sessionId) =>
      anyItem(activityFile(app.get(ActivityListService), query, activityQuestion(sessionId, query, null), signal)),
  }),
  users: list({
    type: UsersQuery,
    action: actions.USERS_EXPORT,
    file: (app, query, signal) => {
      const source = userSource(app.get(DirectoryService), null);
      return anyItem(app.get(PresenceAnswersService).file(query, source, USERS_SHOWN, signal));
    },
  }),
  clients: list({
    type: ClientsQuery,
    action: actions.CLIENTS_EXPORT,
    file: (app, query, signal) => {
      const source = clientSource(app.get(DirectoryService), null);
      return anyItem(app.get(PresenceAnswersService).file(query, source, CLIENTS_SHOWN, signal));
    },
  }),
  concurrency: list({
    type: ConcurrencyQuery,
    action: actions.CONCURRENCY_EXPORT,
    file: (app, query, signal) => anyItem(concurrencyFile(app.get(ConcurrencyService), query, null, signal)),
  }),
  overlaps: list({
    type: OverlapsQuery,
    action: actions.OVERLAPS_EXPORT,
    file: (app, query, signal) => anyItem(overlapsFile(app.get(OverlapsService), query, null, signal)),
  }),
};

/** The query of a list is always an instance of its own class. */
function list<Query extends object>(one: ExportList<Query>): ExportList {
  return one as unknown as ExportList;
}

/** A file is written without knowing what its items are. */
function anyItem<Item extends object>(file: ListFile<Item>): ListFile<object> {
  return file as unknown as ListFile<object>;
}
