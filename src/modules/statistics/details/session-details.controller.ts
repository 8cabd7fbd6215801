import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../../platform/http/reads/may-read-from-replica.js';
import { RequireScope } from '../../../platform/http/access.js';
import { Audited } from '../../audit/port/audited.js';
import { jsonArray } from '../../../platform/http/streaming/json-array.js';
import { callerSignal, streamAnswer } from '../../../platform/http/streaming/stream-answer.js';
import { DownloadSlots } from '../../../platform/limits/download-slots.js';
import { DocumentSessionDetails } from '../dto/session-details.docs.js';
import { StrictQueryOrBody } from '../../../platform/http/validation/strict-query-or-body.js';
import { DETAILS_CURSORS, type PagePosition } from './page-cursor.js';
import { type DetailsQuestion, SessionDetailsRequest, detailsQuestion } from './session-details.request.js';
import { SessionDetailsService } from './session-details.service.js';
import { SESSIONS_DETAILS } from '../statistics.audit.js';

@ApiTags('sessions')
@Controller('ekranapi/sessions')
export class SessionDetailsController {
  constructor(
    @Inject(SessionDetailsService) private readonly details: SessionDetailsService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Post()
  @MayReadFromReplica()
  @HttpCode(200)
  @RequireScope('sessions:read')
  @Audited(SESSIONS_DETAILS, { recordedBy: 'handler' })
  @DocumentSessionDetails()
  async page(
    @Req() req: Request,
    @Res() res: Response,
    @StrictQueryOrBody() request: SessionDetailsRequest,
  ): Promise<void> {
    const question = detailsQuestion(request);
    await req.call.begin(understood(question));
    const pages = this.details.page(question, {
      rowScope: req.call.rowScope,
      signal: callerSignal(res),
      onNext: (position) => res.setHeader('Link', `<${nextPage(question, position)}>; rel="next"`),
    });
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    const pieces = jsonArray(pages, JSON.stringify, '{"sessions":[', ']}');
    await streamAnswer(req, res, pieces, this.slots);
  }
}

function understood({ window, sessionCount, pageIndex, after }: DetailsQuestion) {
  const cursor = after && DETAILS_CURSORS.write(after, { ...window });
  return { ...window, sessionCount, pageIndex, cursor };
}

/** Repeats all parameters, so that the URL is complete. */
function nextPage({ window, sessionCount }: DetailsQuestion, position: PagePosition): string {
  const bounds = Object.entries(window)
    .filter(([, instant]) => instant !== null)
    .map(([name, instant]) => `${name}=${String(instant).replace(' ', 'T')}Z`);
  const parameters = [
    ...bounds,
    `sessionCount=${sessionCount}`,
    `cursor=${DETAILS_CURSORS.write(position, { ...window })}`,
  ];
  return `/ekranapi/sessions?${parameters.join('&')}`;
}
