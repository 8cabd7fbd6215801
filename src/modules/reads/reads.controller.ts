import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequireScope } from '../../platform/http/access.js';
import type { CallFilter } from '../../platform/http/call.js';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/docs/decorators.js';
import { DEFAULT_LIMIT } from '../../platform/http/paging/list-parameters.js';
import { nextLink } from '../../platform/http/paging/next-link.js';
import { callerSignal } from '../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../platform/http/validation/strict-query.js';
import { Audited } from '../audit/port/audited.js';
import { READS_CURSORS, ReadsQuery, readsFilter, readsQuestion } from './dto/reads.query.js';
import { ReadsPageResponse, readResponse } from './dto/reads.response.js';
import { READS_LIST } from './reads.audit.js';
import { ReadsService } from './reads.service.js';

@ApiTags('audit')
@Controller('api/v1/audit/reads')
export class ReadsController {
  constructor(@Inject(ReadsService) private readonly reads: ReadsService) {}

  @Get()
  @RequireScope('audit:read')
  @Audited(READS_LIST)
  @ApiOperation({
    summary: 'Who read the sessions of a user, of a client, or one session',
    description:
      'The recorded calls whose question covered at least one of these sessions, as they are stored now, newest first. ' +
      'Calls whose record does not tell exactly are `possible`. Give exactly one of `user`, `client` and `sessionId`. ' +
      'This call is recorded, too.',
  })
  @ApiOkResponse({ type: ReadsPageResponse })
  @ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' })
  async list(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictQuery() query: ReadsQuery,
  ): Promise<ReadsPageResponse> {
    const { cursor, limit = DEFAULT_LIMIT } = query;
    const question = readsQuestion(query);
    const filter = readsFilter(query);
    await req.call.begin(given({ ...filter, limit, ...cursor?.position }));
    const { reads, next } = await this.reads.page(question, cursor?.position ?? null, limit, callerSignal(res));
    req.call.rows = reads.length;
    const nextCursor = next === null ? null : READS_CURSORS.write(next, filter);
    if (nextCursor) res.setHeader('Link', nextLink(req, nextCursor));
    return { items: reads.map(readResponse), next: nextCursor };
  }
}

function given(values: ReturnType<typeof readsFilter>): CallFilter {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as CallFilter;
}
