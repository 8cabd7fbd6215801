import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '../http/docs/decorators.js';
import { Public } from '../http/access.js';
import { ProblemError } from '../http/problems/problem.js';
import { Snapshots } from '../database/snapshots/snapshots.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(@Inject(Snapshots) private readonly snapshots: Snapshots) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Whether the service and its database answer' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', example: 'ok' } } } })
  async check(): Promise<{ status: string }> {
    const snapshot = await this.snapshots.open(AbortSignal.timeout(5000)).catch(() => undefined);
    if (!snapshot) throw new ProblemError('unavailable', 'The database cannot be reached.');
    await snapshot.rows('SELECT 1').finally(() => snapshot.release());
    return { status: 'ok' };
  }
}
