import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../../platform/http/reads/may-read-from-replica.js';
import { RequireScope } from '../../../platform/http/access.js';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import { DocumentList } from '../../../platform/http/docs/list.docs.js';
import { DEFAULT_LIMIT } from '../../../platform/http/paging/list-parameters.js';
import { ListAnswers } from '../../../platform/http/streaming/list-answers.js';
import { callerSignal } from '../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { Audited } from '../../audit/port/audited.js';
import { OVERLAPS_READ } from '../concurrency.audit.js';
import { overlapsFile } from './overlaps-file.js';
import { OVERLAP_CURSORS, recordedFilter } from './overlaps-question.js';
import { OverlapsQuery, overlapsFilter } from './overlaps.request.js';
import { OverlapResponse, OverlapsPageResponse } from './overlaps.response.js';
import { OverlapsService } from './overlaps.service.js';

const DESCRIPTION = `Returns each maximal interval in which a user has sessions on at least \`minClients\` different clients at every instant, with
the sessions that are open in it. Several sessions on one client count once. A session is open in \`[login, end)\`, so a user
who leaves one client and enters another at the same instant is not on both. Intervals are cut at \`from\` and \`to\`.
Ordered by start, then by user id.`;

@ApiTags('concurrency')
@Controller('api/v1/overlaps')
export class OverlapsController {
  constructor(
    @Inject(OverlapsService) private readonly overlaps: OverlapsService,
    @Inject(ListAnswers) private readonly answers: ListAnswers,
  ) {}

  @Get()
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(OVERLAPS_READ)
  @DocumentList({
    summary: 'Users who were on several clients at the same time',
    description: DESCRIPTION,
    page: OverlapsPageResponse,
    item: OverlapResponse,
  })
  list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: OverlapsQuery): Promise<void> {
    const { rowScope } = req.call;
    const signal = callerSignal(res);
    return this.answers.send(req, res, {
      ...overlapsFile(this.overlaps, query, rowScope, signal),
      query: { limit: query.limit },
      page: async () => {
        const asked = overlapsFilter(query);
        const question = { ...asked, rowScope, position: query.cursor?.position ?? null };
        const { items, next } = await this.overlaps.page(question, query.limit ?? DEFAULT_LIMIT, signal);
        return { items, next: next && OVERLAP_CURSORS.write(next, recordedFilter(asked)) };
      },
    });
  }
}
