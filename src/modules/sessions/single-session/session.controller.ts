import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../platform/http/access.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../../platform/http/docs/decorators.js';
import { DocumentList } from '../../../platform/http/docs/list.docs.js';
import { DEFAULT_LIMIT } from '../../../platform/http/paging/list-parameters.js';
import { ListAnswers } from '../../../platform/http/streaming/list-answers.js';
import { callerSignal } from '../../../platform/http/streaming/stream-answer.js';
import { DocumentPathId, PathId } from '../../../platform/http/validation/path-id.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { Audited } from '../../audit/port/audited.js';
import { ACTIVITIES_LIST, SESSION_READ } from '../sessions.audit.js';
import { ACTIVITY_CURSORS } from './activity-cursors.js';
import { activityFile, activityQuestion } from './activity-file.js';
import { ActivityListService } from './activity-list.service.js';
import { ActivitiesQuery, activityFilterOf } from './dto/activities.query.js';
import { ActivityListResponse, ActivityResponse } from './dto/activity.response.js';
import { SessionWithTimesResponse } from './dto/session-details.response.js';
import { SessionTimesService } from './session-times.service.js';

const ID = 'sessionId';

@ApiTags('sessions')
@Controller('api/v1/sessions/:sessionId')
export class SessionController {
  constructor(
    @Inject(SessionTimesService) private readonly sessions: SessionTimesService,
    @Inject(ActivityListService) private readonly activityLists: ActivityListService,
    @Inject(ListAnswers) private readonly answers: ListAnswers,
  ) {}

  @Get()
  @RequireScope('sessions:read')
  @Audited(SESSION_READ)
  @ApiOperation({ summary: 'One session, with its number of activities, active and idle time' })
  @DocumentPathId(ID, 'session')
  @ApiOkResponse({ type: SessionWithTimesResponse })
  async read(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @PathId(ID) sessionId: number,
  ): Promise<SessionWithTimesResponse> {
    await req.call.begin({ sessionId });
    const session = await this.sessions.read(sessionId, req.call.rowScope, callerSignal(res));
    req.call.rows = 1;
    return session;
  }

  @Get('activities')
  @RequireScope('sessions:read', 'activities:read')
  @Audited(ACTIVITIES_LIST)
  @DocumentPathId(ID, 'session')
  @DocumentList({
    summary: 'What was done in a session, in order of time',
    description: 'All recorded activities, also those outside of the login and the end of the session.',
    page: ActivityListResponse,
    item: ActivityResponse,
  })
  async activities(
    @Req() req: Request,
    @Res() res: Response,
    @PathId(ID) sessionId: number,
    @StrictQuery() query: ActivitiesQuery,
  ): Promise<void> {
    const { limit = DEFAULT_LIMIT, cursor, count } = query;
    const question = activityQuestion(sessionId, query, req.call.rowScope);
    const signal = callerSignal(res);
    await this.answers.send(req, res, {
      ...activityFile(this.activityLists, query, question, signal),
      query,
      page: async () => {
        const request = { after: cursor?.position ?? null, limit, countsAll: count === 'exact' };
        const page = await this.activityLists.page(question, request, signal);
        return { ...page, next: page.next && ACTIVITY_CURSORS.write(page.next, activityFilterOf(query)) };
      },
    });
  }
}
