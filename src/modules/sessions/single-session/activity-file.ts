import type { RowScope } from '../../../platform/http/caller.js';
import type { ListFile } from '../../../platform/http/streaming/list-files.js';
import { timeWindow } from '../domain/time-window.js';
import { ACTIVITY_COLUMNS } from './activity-columns.js';
import type { ActivityListService, ActivityQuestion } from './activity-list.service.js';
import { type ActivitiesQuery, activityFilterOf } from './dto/activities.query.js';
import type { ActivityResponse } from './dto/activity.response.js';

export function activityQuestion(sessionId: number, query: ActivitiesQuery, rowScope: RowScope): ActivityQuestion {
  const { from, to, application, text, order = 'asc' } = query;
  return { sessionId, window: timeWindow({ start: from, end: to }), filter: { application, text }, order, rowScope };
}

/** All activities of a query, as a file of the HTTP API or of the command line contains them. */
export function activityFile(
  activities: ActivityListService,
  query: ActivitiesQuery,
  question: ActivityQuestion,
  signal: AbortSignal,
): ListFile<ActivityResponse> {
  const after = query.cursor?.position ?? null;
  const { sessionId } = question;
  return {
    understood: { sessionId, ...activityFilterOf(query), ...(after && { after: `${after.at} ${after.digest}` }) },
    columns: ACTIVITY_COLUMNS,
    all: () => activities.all(question, after, signal),
  };
}
