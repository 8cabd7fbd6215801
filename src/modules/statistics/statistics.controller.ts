import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../platform/http/reads/may-read-from-replica.js';
import { RequireScope } from '../../platform/http/access.js';
import { jsonArray } from '../../platform/http/streaming/json-array.js';
import { callerSignal, streamAnswer } from '../../platform/http/streaming/stream-answer.js';
import { Audited } from '../audit/port/audited.js';
import { StrictQuery } from '../../platform/http/validation/strict-query.js';
import { DownloadSlots } from '../../platform/limits/download-slots.js';
import { timeWindow } from '../sessions/domain/time-window.js';
import type { WindowQuestion } from '../sessions/sessions.service.js';
import { WindowQuery } from '../sessions/dto/window.query.js';
import { DocumentWindowRefusals } from './dto/window.docs.js';
import { ProductivityResponse } from './dto/productivity.response.js';
import { UsageResponse } from './dto/usage.response.js';
import { ProductivityService } from './productivity/productivity.service.js';
import { type UsageKind, UsageService } from './usage/usage.service.js';
import { productivityEncoder, usageEncoder } from './statistics-json.js';
import { STATISTICS_READ } from './statistics.audit.js';

type Read<Element> = (question: Omit<WindowQuestion, 'nowMs'>, signal: AbortSignal) => AsyncGenerator<Element[]>;

const HOURS = 'Hours are full hours in the time zone of the API.';

@ApiTags('statistics')
@Controller('ekranapi')
export class StatisticsController {
  constructor(
    @Inject(UsageService) private readonly usage: UsageService,
    @Inject(ProductivityService) private readonly productivity: ProductivityService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get('statistics/getapp')
  @MayReadFromReplica()
  @RequireScope('sessions:read', 'activities:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({
    summary: 'Active time by session, hour and application',
    description: `Returns one element for each session and hour in which an application was active. ${HOURS}`,
  })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: [UsageResponse] })
  applications(@Req() req: Request, @Res() res: Response, @StrictQuery() query: WindowQuery): Promise<void> {
    return this.sendUsage(req, res, query, 'application');
  }

  @Get('statistics/geturl')
  @MayReadFromReplica()
  @RequireScope('sessions:read', 'activities:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({
    summary: 'Active time by session, hour and site',
    description: `Returns one element for each session and hour in which a site was active. A site is the host of a URL, with the port unless it is the default port of the scheme. ${HOURS}`,
  })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: [UsageResponse] })
  sites(@Req() req: Request, @Res() res: Response, @StrictQuery() query: WindowQuery): Promise<void> {
    return this.sendUsage(req, res, query, 'site');
  }

  @Get('user/getproductivity')
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({
    summary: 'Active minutes by user and hour',
    description: `Returns one element for each user and hour with activity, ordered by day, hour and name. ${HOURS} An hour that occurs twice because clocks are set back is one element.`,
  })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: [ProductivityResponse] })
  minutes(@Req() req: Request, @Res() res: Response, @StrictQuery() query: WindowQuery): Promise<void> {
    const read: Read<ProductivityResponse> = (question, signal) => this.productivity.inWindow(question, signal);
    return this.send(req, res, query, read, productivityEncoder());
  }

  private sendUsage(req: Request, res: Response, query: WindowQuery, kind: UsageKind): Promise<void> {
    const read: Read<UsageResponse> = (question, signal) => this.usage.inWindow(kind, question, signal);
    return this.send(req, res, query, read, usageEncoder());
  }

  /** Streams the elements of a window as a JSON array. */
  private async send<Element>(
    req: Request,
    res: Response,
    query: WindowQuery,
    read: Read<Element>,
    encode: (element: Element) => string,
  ): Promise<void> {
    const window = timeWindow(query);
    await req.call.begin({ ...window });
    const pages = read({ window, rowScope: req.call.rowScope }, callerSignal(res));
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    await streamAnswer(req, res, jsonArray(pages, encode), this.slots);
  }
}
