import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../../platform/http/reads/may-read-from-replica.js';
import { RequireScope } from '../../../platform/http/access.js';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '../../../platform/http/docs/decorators.js';
import { nextLink } from '../../../platform/http/paging/next-link.js';
import { type Piece, callerSignal, streamAnswer } from '../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { DownloadSlots } from '../../../platform/limits/download-slots.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { Audited } from '../../audit/port/audited.js';
import { understoodFilter } from '../search/session-cursors.js';
import { TIMELINE_DENSITY, TIMELINE_ROWS } from '../sessions.audit.js';
import { DEFAULT_ROWS, TimelineRowsQuery, rowsQuestion } from './dto/timeline-rows.query.js';
import { TimelineRowsResponse } from './dto/timeline-rows.response.js';
import { densityResponse, recordedDensity } from './density/density-view.js';
import { TimelineDensityService } from './density/timeline-density.service.js';
import { TimelineDensityResponse } from './dto/timeline-density.response.js';
import { DEFAULT_WIDTH, TimelineQuery, timelineFilter } from './dto/timeline.query.js';
import { ROW_CURSORS, recordedView, rowsCursorFilter } from './rows/row-question.js';
import { rowsResponse } from './rows/row-views.js';
import { TimelineRowsService } from './rows/timeline-rows.service.js';

const ROWS = `Returns one row for each client or user, with bars for its sessions that overlap \`[from, to)\`, in the detail that \`width\`
pixels can show. No session is left out: each is in exactly one bar of its row, so the numbers of a row add up to its sessions.

A session that lasts at least \`bucketSeconds\` is a bar with its exact bounds, clipped as in \`GET /api/v1/sessions\`. Shorter
sessions are one bar while the gaps between them are shorter than a bucket, too; it begins with the first and ends with the last
of them. Sessions of different states are never one bar. A row with more bars than half of \`width\` closes such gaps
between all its sessions, and longer gaps if it must; its own \`bucketSeconds\` then says which.`;

const DENSITY = `Divides \`[from, to)\` into buckets of at least two pixels and counts sessions in each of them, as
\`GET /api/v1/concurrency\` does, exactly. With very many sessions (\`sampled\`) the buckets are longer, and open sessions are
counted at four instants of each: a higher number between these instants is not seen, and logins are not counted.`;

@ApiTags('timeline')
@Controller('api/v1/timeline')
export class TimelineController {
  constructor(
    @Inject(TimelineRowsService) private readonly timeline: TimelineRowsService,
    @Inject(TimelineDensityService) private readonly density: TimelineDensityService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
    @Inject(TimeZone) private readonly zone: TimeZone,
  ) {}

  @Get('rows')
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(TIMELINE_ROWS)
  @ApiOperation({ summary: 'Sessions by client or user, in the detail that a screen can show', description: ROWS })
  @ApiOkResponse({
    type: TimelineRowsResponse,
    headers: { Link: { description: 'The next page, if there is one.', schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' })
  @ApiResponse({ status: 503, description: 'The server is overloaded; `Retry-After` gives the time to wait.' })
  async rows(@Req() req: Request, @Res() res: Response, @StrictQuery() query: TimelineRowsQuery): Promise<void> {
    const question = rowsQuestion(query, req.call.rowScope);
    const { limit = DEFAULT_ROWS, offset, count, cursor } = query;
    const after = cursor?.position ?? null;
    const view = recordedView(question, after, offset);
    await req.call.begin({ ...understoodFilter(question.filter), ...view, limit, format: 'json' });
    const signal = callerSignal(res);
    await this.send(req, res, async () => {
      const found = await this.timeline.page(question, { after, offset, limit, countsAll: count === 'exact' }, signal);
      const next = found.next && ROW_CURSORS.write(found.next, rowsCursorFilter(question));
      if (next !== null) res.setHeader('Link', nextLink(req, next));
      return rowsResponse(found, next, this.zone);
    });
  }

  @Get('density')
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(TIMELINE_DENSITY)
  @ApiOperation({ summary: 'How many sessions were open, in the detail that a screen can show', description: DENSITY })
  @ApiOkResponse({ type: TimelineDensityResponse })
  @ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' })
  @ApiResponse({ status: 503, description: 'The server is overloaded; `Retry-After` gives the time to wait.' })
  async overview(@Req() req: Request, @Res() res: Response, @StrictQuery() query: TimelineQuery): Promise<void> {
    const { from, to, width = DEFAULT_WIDTH } = query;
    const { rowScope } = req.call;
    const question = { filter: timelineFilter(query), fromMs: from, toMs: to, width, rowScope };
    await req.call.begin(recordedDensity(question));
    const signal = callerSignal(res);
    await this.send(req, res, async () => densityResponse(await this.density.of(question, signal), this.zone));
  }

  /** Computed when it is the turn of the caller. */
  private send(
    req: Request,
    res: Response,
    read: () => Promise<{ readonly items: readonly unknown[] }>,
  ): Promise<void> {
    async function* answer(): AsyncGenerator<Piece> {
      const body = await read();
      res.setHeader('Content-Type', 'application/json; charset=utf-8');
      yield { text: JSON.stringify(body), rows: body.items.length };
    }
    return streamAnswer(req, res, answer(), this.slots);
  }
}
