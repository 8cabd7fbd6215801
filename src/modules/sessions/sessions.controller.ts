import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { RequireScope } from '../../platform/http/access.js';
import { Audited } from '../audit/port/audited.js';
import { callerSignal, streamAnswer } from '../../platform/http/streaming/stream-answer.js';
import { DownloadSlots } from '../../platform/limits/download-slots.js';
import { StrictQuery } from '../../platform/http/validation/strict-query.js';
import { WindowedSessionResponse } from './dto/windowed-session.response.js';
import { SessionsJsonEncoder } from './encoding/sessions-json.encoder.js';
import { SessionsService } from './sessions.service.js';
import { timeWindow } from './domain/time-window.js';
import { WindowQuery } from './dto/window.query.js';
import { SESSIONS_READ } from './sessions.audit.js';

@ApiTags('sessions')
@Controller('ekranapi/sessions')
export class SessionsController {
  constructor(
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(SessionsJsonEncoder) private readonly encoder: SessionsJsonEncoder,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get()
  @RequireScope('sessions:read')
  @Audited(SESSIONS_READ)
  @ApiOperation({
    summary: 'Sessions that overlap a window, each clipped to its first and last activity inside',
    description:
      'Windows are half-open, `[start, end)`; equal bounds select the sessions open at that instant. Ordered by the true ' +
      'login, then by `sessionId`. **Give a window when you try this from a web page**: without one the whole database ' +
      'is streamed. Parameter names are case-insensitive; an unknown or repeated parameter is refused.',
  })
  @ApiOkResponse({ type: [WindowedSessionResponse] })
  @ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' })
  @ApiResponse({
    status: 503,
    description: 'The server is overloaded, or the time limit was reached; `Retry-After` gives the time to wait.',
  })
  async list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: WindowQuery): Promise<void> {
    const window = timeWindow(query);
    await req.call.begin({ ...window });
    const pages = this.sessions.list({ window, rowScope: req.call.rowScope }, callerSignal(res));
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    await streamAnswer(req, res, this.encoder.encode(pages), this.slots);
  }
}
