import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '../../platform/http/docs/decorators.js';
import { Public } from '../../platform/http/access.js';
import { ProblemError } from '../../platform/http/problems/problem.js';
import { ReadinessService } from './readiness.service.js';

const statusSchema = (example: string) => ({ type: 'object', properties: { status: { type: 'string', example } } });

/** For orchestrators and load balancers, which have no key: they learn whether the service works, and no reason. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(@Inject(ReadinessService) private readonly readiness: ReadinessService) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Whether the service and its database answer' })
  @ApiOkResponse({ schema: statusSchema('ok') })
  @ApiResponse({ status: 503, description: 'The database cannot be reached, or takes no changes.' })
  async check(): Promise<{ status: string }> {
    if (!(await this.readiness.databaseAnswers()))
      throw new ProblemError('unavailable', 'The database cannot be reached.');
    return { status: 'ok' };
  }

  @Get('live')
  @Public()
  @ApiOperation({
    summary: 'Whether the process answers',
    description: 'Uses no database. Restart the process when this fails.',
  })
  @ApiOkResponse({ schema: statusSchema('live') })
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({
    summary: 'Whether the process can serve requests',
    description:
      'The database answers, its schema is current, the audit is writable, and the process is not shutting down. A result ' +
      'is reused for one second. `GET /api/v1/health` gives the reasons.',
  })
  @ApiOkResponse({ schema: statusSchema('ready') })
  @ApiResponse({ status: 503, description: 'Send no requests to this process.' })
  async ready(): Promise<{ status: string }> {
    const { isReady } = await this.readiness.check();
    if (!isReady) throw new ProblemError('unavailable', 'Not ready.', { headers: { 'Retry-After': '5' } });
    return { status: 'ready' };
  }
}
