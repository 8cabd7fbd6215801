import { setTimeout as pause } from 'node:timers/promises';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequireScope } from '../../platform/http/access.js';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/docs/decorators.js';
import { DEFAULT_LIMIT } from '../../platform/http/paging/list-parameters.js';
import { callerSignal } from '../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../platform/http/validation/strict-query.js';
import { DownloadSlots } from '../../platform/limits/download-slots.js';
import { Audited } from '../audit/port/audited.js';
import { CHANGES_READ } from './change-feed.audit.js';
import { type FeedPage, type FeedQuestion, ChangeFeedService } from './change-feed.service.js';
import { ChangesQuery } from './dto/changes.query.js';
import { ChangesResponse } from './dto/changes.response.js';
import { FeedSignalService } from './feed-signal.service.js';

/** Between two looks of a waiting reader whose filter leaves out what is new. */
const FILTERED_PAUSE_MS = 200;

const DESCRIPTION = `The changes of sessions in the order of the change log. Places are numbered 1, 2, 3, … without a gap, and nothing appears before
a place that a reader has passed, so a consumer that continues with \`next\` misses nothing. \`session\` is the session as it is
now: a consumer that keeps the highest \`version\` of each session has an exact copy. With \`wait\` an answer without changes is
held until there is one.`;

@ApiTags('changes')
@Controller('api/v1/changes')
export class ChangeFeedController {
  constructor(
    @Inject(ChangeFeedService) private readonly feed: ChangeFeedService,
    @Inject(FeedSignalService) private readonly signal: FeedSignalService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get()
  @RequireScope('changes:read')
  @Audited(CHANGES_READ)
  @ApiOperation({ summary: 'Follow the changes of sessions', description: DESCRIPTION })
  @ApiOkResponse({ type: ChangesResponse })
  @ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' })
  @ApiResponse({
    status: 410,
    description: 'Entries after this place were removed; the problem says where to begin anew.',
  })
  async list(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictQuery() query: ChangesQuery,
  ): Promise<ChangesResponse> {
    const { after = 0, limit = DEFAULT_LIMIT, wait = 0, kind, client } = query;
    await req.call.begin({
      ...{ after, limit, wait },
      ...(kind && { kind }),
      ...(client && { client }),
    });
    const question = { after, limit, kinds: kind ?? null, clients: client ?? null, rowScope: req.call.rowScope };
    const page = await this.page(question, performance.now() + wait, req, res);
    req.call.rows = page.items.length;
    return { ...page };
  }

  /** Waiting takes neither a connection to the database nor a turn of the caller. */
  private async page(question: FeedQuestion, deadline: number, req: Request, res: Response): Promise<FeedPage> {
    const signal = callerSignal(res);
    // Without the signal, because others may share the answer.
    const turn = () => this.slots.beginnings.acquire(req.call.caller?.prefix ?? '');
    for (let after = question.after; ;) {
      const page = await this.feed.page({ ...question, after }, turn);
      const left = deadline - performance.now();
      if (page.items.length > 0 || !page.caughtUp || left <= 0 || signal.aborted || this.signal.isStopped) return page;
      // A filter left out all that was new. Where much is, each reader would read the log again for every change.
      if (page.next > question.after) await pause(Math.min(left, FILTERED_PAUSE_MS));
      await this.signal.wait(page.next, deadline - performance.now(), signal);
      after = page.next;
    }
  }
}
