import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../../../config/app-config.js';
import { RequireScope } from '../../../platform/http/access.js';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import { nextLink } from '../../../platform/http/paging/next-link.js';
import { callerSignal, streamAnswer } from '../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { DownloadSlots } from '../../../platform/limits/download-slots.js';
import { Audited } from '../../audit/port/audited.js';
import { CONCURRENCY_READ } from '../concurrency.audit.js';
import { DocumentConcurrency } from './concurrency.docs.js';
import { SERIES_CURSORS, seriesFilter } from './concurrency-question.js';
import { ConcurrencyQuery, MAX_ITEMS, series } from './concurrency.request.js';
import { ConcurrencyService } from './concurrency.service.js';

@ApiTags('concurrency')
@Controller('api/v1/concurrency')
export class ConcurrencyController {
  constructor(
    @Inject(ConcurrencyService) private readonly concurrency: ConcurrencyService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Get()
  @RequireScope('sessions:read')
  @Audited(CONCURRENCY_READ)
  @DocumentConcurrency()
  async list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: ConcurrencyQuery): Promise<void> {
    const asked = series(query);
    const { cursor, limit = MAX_ITEMS } = query;
    await req.call.begin(seriesFilter(asked));
    const question = { ...asked, rowScope: req.call.rowScope, position: cursor?.position ?? null };
    const { items, next } = await this.concurrency.page(question, limit, callerSignal(res));
    const nextCursor = next && SERIES_CURSORS.write(next, seriesFilter(asked));
    if (nextCursor) res.setHeader('Link', nextLink(req, nextCursor));
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    const piece = { text: JSON.stringify({ items, next: nextCursor }), rows: items.length };
    await streamAnswer(req, res, only(piece), { slots: this.slots, stallMs: this.config.STALL_TIMEOUT });
  }
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value;
}
