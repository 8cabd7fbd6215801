import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../../platform/http/reads/may-read-from-replica.js';
import { RequireScope } from '../../../platform/http/access.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../../platform/http/docs/decorators.js';
import { type Piece, callerSignal, streamAnswer } from '../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { DownloadSlots } from '../../../platform/limits/download-slots.js';
import { Audited } from '../../audit/port/audited.js';
import { timeWindow } from '../../sessions/domain/time-window.js';
import { DocumentWindowRefusals } from '../dto/window.docs.js';
import { STATISTICS_READ } from '../statistics.audit.js';
import { DEFAULT_NAMES, TotalsQuery } from './totals.request.js';
import { ActiveTotalsResponse } from './totals.response.js';
import { type TotalsKind, TotalsService } from './totals.service.js';

const RULE = 'By the rules of `GET /ekranapi/statistics/getapp`: sessions are clipped to the window, then measured.';

@ApiTags('statistics')
@Controller('api/v1/statistics')
export class TotalsController {
  constructor(
    @Inject(TotalsService) private readonly totals: TotalsService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get('applications')
  @MayReadFromReplica()
  @RequireScope('sessions:read', 'activities:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({ summary: 'Active time by application', description: `Returns the applications of a window. ${RULE}` })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: ActiveTotalsResponse })
  applications(@Req() req: Request, @Res() res: Response, @StrictQuery() query: TotalsQuery): Promise<void> {
    return this.send('application', req, res, query);
  }

  @Get('sites')
  @MayReadFromReplica()
  @RequireScope('sessions:read', 'activities:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({ summary: 'Active time by site', description: `Returns the sites of a window. ${RULE}` })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: ActiveTotalsResponse })
  sites(@Req() req: Request, @Res() res: Response, @StrictQuery() query: TotalsQuery): Promise<void> {
    return this.send('site', req, res, query);
  }

  @Get('users')
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({
    summary: 'Active time by user',
    description: `Returns the users of a window. ${RULE} Time that several sessions of a user share counts once.`,
  })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: ActiveTotalsResponse })
  users(@Req() req: Request, @Res() res: Response, @StrictQuery() query: TotalsQuery): Promise<void> {
    return this.send('user', req, res, query);
  }

  private async send(kind: TotalsKind, req: Request, res: Response, query: TotalsQuery): Promise<void> {
    const { from, to, client, userId, limit = DEFAULT_NAMES } = query;
    const window = timeWindow({ start: from, end: to });
    const filter = { ...(client && { client }), ...(userId !== undefined && { userId: [userId] }) };
    await req.call.begin({ from: window.start, to: window.end, ...filter, format: 'json' });
    const { rowScope } = req.call;
    // Clients outside the row scope have no sessions for this caller.
    const clients = client ? client.filter((guid) => rowScope?.includes(guid) ?? true) : rowScope;
    const signal = callerSignal(res);
    const read = () => this.totals.inWindow(kind, { window, rowScope: clients, userId }, limit, signal);
    async function* answer(): AsyncGenerator<Piece> {
      const body = await read();
      res.setHeader('Content-Type', 'application/json; charset=utf-8');
      yield { text: JSON.stringify(body), rows: body.items.length };
    }
    await streamAnswer(req, res, answer(), this.slots);
  }
}
