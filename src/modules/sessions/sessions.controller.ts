import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../platform/http/reads/may-read-from-replica.js';
import fresh from 'fresh';
import { RequireScope } from '../../platform/http/access.js';
import { Audited } from '../audit/port/audited.js';
import { callerSignal, streamAnswer } from '../../platform/http/streaming/stream-answer.js';
import { DownloadSlots } from '../../platform/limits/download-slots.js';
import { StrictQuery } from '../../platform/http/validation/strict-query.js';
import { WindowedSessionResponse } from './dto/windowed-session.response.js';
import { SessionsJsonEncoder } from './encoding/sessions-json.encoder.js';
import { SessionsService, type WindowRequest } from './sessions.service.js';
import { WindowTagsService } from './state/window-tags.service.js';
import { timeWindow } from './domain/time-window.js';
import { WindowQuery } from './dto/window.query.js';
import { SESSIONS_READ } from './sessions.audit.js';

@ApiTags('sessions')
@Controller('ekranapi/sessions')
export class SessionsController {
  constructor(
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(SessionsJsonEncoder) private readonly encoder: SessionsJsonEncoder,
    @Inject(WindowTagsService) private readonly tags: WindowTagsService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get()
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(SESSIONS_READ)
  @ApiOperation({
    summary: 'Sessions that overlap a window, each clipped to its first and last activity inside',
    description:
      'Windows are half-open, `[start, end)`; equal bounds select the sessions open at that instant. Ordered by the true ' +
      'login, then by `sessionId`. **Give a window when you try this from a web page**: without one the whole database ' +
      'is streamed. Parameter names are case-insensitive; an unknown or repeated parameter is refused.',
  })
  @ApiHeader({
    ...{ name: 'If-None-Match', required: false, schema: { type: 'string' } },
    description: 'The `ETag` of an earlier answer of the same window.',
  })
  @ApiOkResponse({
    type: [WindowedSessionResponse],
    headers: { ETag: { schema: { type: 'string' }, description: 'Changes when the answer changes.' } },
  })
  @ApiResponse({ status: 304, description: 'The answer is the one with the `ETag` of `If-None-Match`.' })
  @ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' })
  @ApiResponse({
    status: 503,
    description: 'The server is overloaded, or the time limit was reached; `Retry-After` gives the time to wait.',
  })
  async list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: WindowQuery): Promise<void> {
    const window = timeWindow(query);
    await req.call.begin({ ...window });
    const question = { window, rowScope: req.call.rowScope };
    if (await this.isKnown(req, res, question)) return;
    const pages = this.sessions.list(question, callerSignal(res), async (asked, snapshot) => {
      res.setHeader('ETag', await this.tags.of(asked, snapshot));
    });
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    await streamAnswer(req, res, this.encoder.encode(pages), this.slots);
  }

  /** Answers 304 if the caller has the answer, without reading a session. */
  private async isKnown(req: Request, res: Response, question: WindowRequest): Promise<boolean> {
    const tags = req.headers['if-none-match'];
    if (tags === undefined) return false;
    const etag = await this.tags.current(question, callerSignal(res));
    // `req.fresh` would also obey `Cache-Control: no-cache`, which `fetch` adds. It is for caches; this tag is not from one.
    if (!fresh({ 'if-none-match': tags }, { etag })) return false;
    res.setHeader('ETag', etag);
    await req.call.recorded();
    res.status(304).end();
    return true;
  }
}
