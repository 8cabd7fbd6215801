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
import { OVERLAPS_READ } from '../concurrency.audit.js';
import { DocumentOverlaps } from './overlaps.docs.js';
import { OVERLAP_CURSORS, recordedFilter } from './overlaps-question.js';
import { DEFAULT_LIMIT, OverlapsQuery, overlapsFilter } from './overlaps.request.js';
import { OverlapsService } from './overlaps.service.js';

@ApiTags('concurrency')
@Controller('api/v1/overlaps')
export class OverlapsController {
  constructor(
    @Inject(OverlapsService) private readonly overlaps: OverlapsService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Get()
  @RequireScope('sessions:read')
  @Audited(OVERLAPS_READ)
  @DocumentOverlaps()
  async list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: OverlapsQuery): Promise<void> {
    const filter = overlapsFilter(query);
    const { cursor, limit = DEFAULT_LIMIT } = query;
    await req.call.begin(recordedFilter(filter));
    const question = { ...filter, rowScope: req.call.rowScope, position: cursor?.position ?? null };
    const { items, next } = await this.overlaps.page(question, limit, callerSignal(res));
    const nextCursor = next && OVERLAP_CURSORS.write(next, recordedFilter(filter));
    if (nextCursor) res.setHeader('Link', nextLink(req, nextCursor));
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    const piece = { text: JSON.stringify({ items, next: nextCursor }), rows: items.length };
    await streamAnswer(req, res, only(piece), { slots: this.slots, stallMs: this.config.STALL_TIMEOUT });
  }
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value;
}
