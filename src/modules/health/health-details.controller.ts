import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';
import { RequireScope } from '../../platform/http/access.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../platform/http/docs/decorators.js';
import { Audited } from '../audit/port/audited.js';
import { HealthResponse } from './dto/health.response.js';
import { HEALTH_READ } from './health.audit.js';
import { ReadinessService } from './readiness.service.js';

@ApiTags('health')
@Controller('api/v1/health')
export class HealthDetailsController {
  constructor(@Inject(ReadinessService) private readonly readiness: ReadinessService) {}

  @Get()
  @RequireScope('admin')
  @Audited(HEALTH_READ)
  @ApiOperation({
    summary: 'Why the process is ready or not',
    description:
      'The checks behind `/health/ready`. The status of this answer is 200 in both cases, except that nothing is answered ' +
      'while the audit is not writable.',
  })
  @ApiOkResponse({ type: HealthResponse })
  async read(@Req() req: Request): Promise<HealthResponse> {
    await req.call.begin({});
    const { isReady, isShuttingDown, checks } = await this.readiness.check();
    return { ready: isReady, shuttingDown: isShuttingDown, checks };
  }
}
