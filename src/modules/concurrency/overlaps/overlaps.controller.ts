import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../platform/http/access.js';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import { DEFAULT_LIMIT } from '../../../platform/http/paging/list-parameters.js';
import { ListAnswers } from '../../../platform/http/streaming/list-answers.js';
import { callerSignal } from '../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { Audited } from '../../audit/port/audited.js';
import { OVERLAPS_READ } from '../concurrency.audit.js';
import { OVERLAP_COLUMNS } from './overlap-columns.js';
import { DocumentOverlaps } from './overlaps.docs.js';
import { OVERLAP_CURSORS, recordedFilter } from './overlaps-question.js';
import { OverlapsQuery, overlapsFilter } from './overlaps.request.js';
import { OverlapsService } from './overlaps.service.js';

@ApiTags('concurrency')
@Controller('api/v1/overlaps')
export class OverlapsController {
  constructor(
    @Inject(OverlapsService) private readonly overlaps: OverlapsService,
    @Inject(ListAnswers) private readonly answers: ListAnswers,
  ) {}

  @Get()
  @RequireScope('sessions:read')
  @Audited(OVERLAPS_READ)
  @DocumentOverlaps()
  list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: OverlapsQuery): Promise<void> {
    const asked = overlapsFilter(query);
    const filter = recordedFilter(asked);
    const position = query.cursor?.position ?? null;
    const question = { ...asked, rowScope: req.call.rowScope, position };
    return this.answers.send(req, res, {
      query: { limit: query.limit },
      understood: { ...filter, ...(position && { after: `${toInstantText(position.startMs)} ${position.userId}` }) },
      columns: OVERLAP_COLUMNS,
      page: async () => {
        const { items, next } = await this.overlaps.page(question, query.limit ?? DEFAULT_LIMIT, callerSignal(res));
        return { items, next: next && OVERLAP_CURSORS.write(next, filter) };
      },
      all: () => this.overlaps.stream(question, callerSignal(res)),
    });
  }
}
