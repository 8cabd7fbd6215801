import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../../platform/http/reads/may-read-from-replica.js';
import { RequireScope, requireScopeFor } from '../../../platform/http/access.js';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import { DocumentList } from '../../../platform/http/docs/list.docs.js';
import { DEFAULT_LIMIT } from '../../../platform/http/paging/list-parameters.js';
import { ListAnswers } from '../../../platform/http/streaming/list-answers.js';
import { callerSignal } from '../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { Audited } from '../../audit/port/audited.js';
import { SESSIONS_LIST } from '../sessions.audit.js';
import { SessionListResponse, SessionResponse } from './dto/session.response.js';
import { SessionsQuery, sessionFilter } from './dto/sessions.query.js';
import { SESSION_CURSORS, cursorFilter } from './session-cursors.js';
import { sessionFile } from './session-file.js';
import { SessionListService } from './session-list.service.js';

const DESCRIPTION = `The sessions that overlap \`[from, to)\`, or that are open at \`activeAt\`, in the order of their true login.
Either bound may be missing. Filters combine with "and"; a repeated parameter means any of its values.`;

@ApiTags('sessions')
@Controller('api/v1/sessions')
export class SessionsListController {
  constructor(
    @Inject(SessionListService) private readonly sessions: SessionListService,
    @Inject(ListAnswers) private readonly answers: ListAnswers,
  ) {}

  @Get()
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(SESSIONS_LIST)
  @DocumentList({
    summary: 'Find sessions by time, client, user, state, origin, duration or activity',
    description: DESCRIPTION,
    page: SessionListResponse,
    item: SessionResponse,
  })
  async list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: SessionsQuery): Promise<void> {
    requireScopeFor(req, 'activities:read', query, ['application', 'text']);
    const filter = sessionFilter(query);
    const { order = 'asc', limit = DEFAULT_LIMIT, cursor, count } = query;
    const question = { filter, order, rowScope: req.call.rowScope };
    const signal = callerSignal(res);
    await this.answers.send(req, res, {
      ...sessionFile(this.sessions, query, req.call.rowScope, signal),
      query,
      page: async () => {
        const request = { after: cursor?.position ?? null, limit, countsAll: count === 'exact' };
        const page = await this.sessions.page(question, request, signal);
        return { ...page, next: page.next && SESSION_CURSORS.write(page.next, cursorFilter(filter, order)) };
      },
    });
  }
}
