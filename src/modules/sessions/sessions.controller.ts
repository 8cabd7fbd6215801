import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RequireScope } from '../../platform/http/access.js';
import { Audited } from '../audit/port/audited.js';
import { callerSignal, sendText } from '../../platform/http/streaming/json-stream.js';
import { DownloadSlots } from '../../platform/limits/download-slots.js';
import { readQuery } from '../../platform/http/validation/query-string.js';
import { AppConfig } from '../../config/app-config.js';
import { WindowedSessionResponse } from './dto/windowed-session.response.js';
import { SessionsJsonEncoder } from './encoding/sessions-json.encoder.js';
import { SessionsService } from './sessions.service.js';
import { WINDOW_PARAMETERS, parseWindow } from './domain/time-window.js';
import { SESSIONS_READ } from './sessions.audit.js';

const BOUND =
  'A date (`2021-04-01`) or a time (`2021-04-01T12:00:00.000`), with `Z`, an offset, or in the zone of the API.';

@ApiTags('sessions')
@Controller('ekranapi/sessions')
export class SessionsController {
  constructor(
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(SessionsJsonEncoder) private readonly encoder: SessionsJsonEncoder,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Get()
  @RequireScope('sessions:read')
  @Audited(SESSIONS_READ)
  @ApiOperation({
    summary: 'The sessions that overlap a window, each clipped to its first and last activity inside',
    description:
      'Windows are half-open, `[start, end)`; equal bounds ask for the sessions open at that instant. Ordered by the true ' +
      'login, then by `sessionId`. **Give a window when you try this from a page**: without one the answer is the whole ' +
      'database, streamed. Parameter names match without regard to case; an unknown or repeated one is refused.',
  })
  // Decorators apply from the last to the first: `start` comes first in the document.
  @ApiQuery({
    name: 'end',
    required: false,
    description: `First instant after the window. ${BOUND}`,
    schema: { type: 'string', example: '2021-04-01T11:00:00Z' },
  })
  @ApiQuery({
    name: 'start',
    required: false,
    description: `First instant of the window. ${BOUND}`,
    schema: { type: 'string', example: '2021-04-01T10:00:00Z' },
  })
  @ApiOkResponse({ type: [WindowedSessionResponse] })
  @ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' })
  @ApiResponse({
    status: 503,
    description: 'Too busy, or the time limit was reached; `Retry-After` says when to come back.',
  })
  async list(@Req() req: Request, @Res() res: Response): Promise<void> {
    const window = parseWindow(readQuery(req.originalUrl, WINDOW_PARAMETERS), this.sessions.zone);
    await req.call.begin({ ...window });
    const pages = this.sessions.list({ window, rowScope: req.call.rowScope }, callerSignal(res));
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    await sendText(req, res, this.encoder.encode(pages), { slots: this.slots, stallMs: this.config.STALL_TIMEOUT });
  }
}
