import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RequireScope } from '../../platform/http/access.js';
import { Audited } from '../audit/port/audited.js';
import { StrictQuery } from '../../platform/http/validation/strict-query.js';
import { WindowQuery } from '../sessions/dto/window.query.js';
import { DocumentWindowRefusals } from './dto/window.docs.js';
import { ProductivityResponse } from './dto/productivity.response.js';
import { UsageResponse } from './dto/usage.response.js';
import { ProductivityService } from './productivity/productivity.service.js';
import { StatisticsSender } from './statistics-sender.js';
import { UsageService } from './usage/usage.service.js';
import { STATISTICS_READ } from './statistics.audit.js';

const HOURS = 'Hours are full ones in the zone of the API.';

@ApiTags('statistics')
@Controller('ekranapi')
export class StatisticsController {
  constructor(
    @Inject(UsageService) private readonly usage: UsageService,
    @Inject(ProductivityService) private readonly productivity: ProductivityService,
    @Inject(StatisticsSender) private readonly sender: StatisticsSender,
  ) {}

  @Get('statistics/getapp')
  @RequireScope('sessions:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({
    summary: 'How long each application was active, by session and hour',
    description: `An element for each session and hour in which an application was active. ${HOURS}`,
  })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: [UsageResponse] })
  applications(@Req() req: Request, @Res() res: Response, @StrictQuery() query: WindowQuery): Promise<void> {
    return this.sender.send(req, res, query, (question, signal) =>
      this.usage.inWindow('application', question, signal),
    );
  }

  @Get('statistics/geturl')
  @RequireScope('sessions:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({
    summary: 'How long each site was active, by session and hour',
    description: `An element for each session and hour in which a site was active: the host of the URL, with an unusual port. ${HOURS}`,
  })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: [UsageResponse] })
  sites(@Req() req: Request, @Res() res: Response, @StrictQuery() query: WindowQuery): Promise<void> {
    return this.sender.send(req, res, query, (question, signal) => this.usage.inWindow('site', question, signal));
  }

  @Get('user/getproductivity')
  @RequireScope('sessions:read')
  @Audited(STATISTICS_READ)
  @ApiOperation({
    summary: 'How many minutes of each hour each user was active',
    description: `An element for each user and hour with activity, by day, hour and name. ${HOURS} An hour that comes twice when the clocks are set back is one element.`,
  })
  @DocumentWindowRefusals()
  @ApiOkResponse({ type: [ProductivityResponse] })
  minutes(@Req() req: Request, @Res() res: Response, @StrictQuery() query: WindowQuery): Promise<void> {
    return this.sender.send(req, res, query, (question, signal) => this.productivity.inWindow(question, signal));
  }
}
