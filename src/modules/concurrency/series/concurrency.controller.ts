import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../../platform/http/reads/may-read-from-replica.js';
import { RequireScope } from '../../../platform/http/access.js';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import { DocumentList } from '../../../platform/http/docs/list.docs.js';
import { ListAnswers } from '../../../platform/http/streaming/list-answers.js';
import { callerSignal } from '../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { Audited } from '../../audit/port/audited.js';
import { CONCURRENCY_READ } from '../concurrency.audit.js';
import { concurrencyFile } from './concurrency-file.js';
import { SERIES_CURSORS, seriesFilter } from './concurrency-question.js';
import { ConcurrencyQuery, MAX_ITEMS, series } from './concurrency.request.js';
import { ConcurrencyPageResponse, ConcurrencyResponse } from './concurrency.response.js';
import { ConcurrencyService } from './concurrency.service.js';

const DESCRIPTION = `Divides \`[from, to)\` into buckets and counts sessions in each of them, exactly. A session is open in \`[login, end)\`; a live
session has no end yet, so it is open in every later bucket. A session without a length counts as a login and an end only.

Days, weeks (from Monday) and months are those of the time zone of the API: a day on which the clocks change has 23 or 25
hours and is one bucket. Shorter steps are counted from the start of each local day. Bounds that are not aligned with the
step make the first and the last bucket shorter. Buckets in which nothing happened are listed, too, except with \`groupBy\`.`;

@ApiTags('concurrency')
@Controller('api/v1/concurrency')
export class ConcurrencyController {
  constructor(
    @Inject(ConcurrencyService) private readonly concurrency: ConcurrencyService,
    @Inject(ListAnswers) private readonly answers: ListAnswers,
  ) {}

  @Get()
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(CONCURRENCY_READ)
  @DocumentList({
    summary: 'How many sessions were open, by minute, hour, day, week or month',
    description: DESCRIPTION,
    page: ConcurrencyPageResponse,
    item: ConcurrencyResponse,
  })
  list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: ConcurrencyQuery): Promise<void> {
    const { rowScope } = req.call;
    const signal = callerSignal(res);
    return this.answers.send(req, res, {
      ...concurrencyFile(this.concurrency, query, rowScope, signal),
      query: { limit: query.limit },
      page: async () => {
        const asked = series(query);
        const question = { ...asked, rowScope, position: query.cursor?.position ?? null };
        const { items, next } = await this.concurrency.page(question, query.limit ?? MAX_ITEMS, signal);
        return { items, next: next && SERIES_CURSORS.write(next, seriesFilter(asked)) };
      },
    });
  }
}
