import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '../../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../platform/http/access.js';
import { Audited } from '../port/audited.js';
import { callerSignal } from '../../../platform/http/streaming/stream-answer.js';
import { ConcurrencyLimiter } from '../../../platform/limits/concurrency-limiter.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { CheckpointsService } from '../../checkpoints/checkpoints.service.js';
import { AuditVerifierService } from './audit-verifier.service.js';
import { AuditVerifyQuery } from './dto/audit-verify.query.js';
import { AuditVerdictResponse } from './dto/audit-verdict.response.js';
import { AUDIT_VERIFY } from '../audit.audit.js';

/** Maximum number of records per call, which takes a few seconds. The command line verifies the whole chain at once. */
const RECORDS_A_CALL = 200_000;

@ApiTags('audit')
@Controller('api/v1/audit/verify')
export class AuditVerifyController {
  /** A verification keeps one processor busy, so a process runs one at a time. */
  private readonly verifications = new ConcurrencyLimiter(1);

  constructor(
    private readonly verifier: AuditVerifierService,
    private readonly checkpoints: CheckpointsService,
  ) {}

  @Get()
  @RequireScope('audit:read')
  @Audited(AUDIT_VERIFY)
  @ApiOperation({
    summary: 'Whether the audit chain is intact',
    description:
      `Verifies at most ${RECORDS_A_CALL} records after \`after\` and compares them with the checkpoints in the database; ` +
      '`next` is the position from which to continue. An attacker with write access to the database can build a chain ' +
      'that is consistent in itself: compare it with the checkpoints that were kept elsewhere (`audit verify --checkpoint` on the command line).',
  })
  @ApiOkResponse({ type: AuditVerdictResponse })
  @ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' })
  @ApiResponse({ status: 503, description: 'Another verification is under way here; see `Retry-After`.' })
  async verify(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictQuery() { after = 0 }: AuditVerifyQuery,
  ): Promise<AuditVerdictResponse> {
    await req.call.begin({ after });
    const release = this.verifications.tryAcquire();
    if (!release) {
      const detail = 'Another verification is running in this process; try again shortly.';
      throw new ProblemError('unavailable', detail, { headers: { 'Retry-After': '5' } });
    }
    const report = await this.walk(after, callerSignal(res)).finally(release);
    const { from, to, total, faultCount, faults, checkpoints } = report;
    const next = total !== null && to < total ? to : null;
    if (next !== null) res.setHeader('Link', `<${req.path}?after=${next}>; rel="next"`);
    const verdict = faultCount === 0 ? 'intact' : 'broken';
    return { verdict, from, to, total, faultCount, faults: [...faults], checkpoints, next };
  }

  private walk(after: number, signal: AbortSignal) {
    const keys = { byId: this.checkpoints.publicKeys, complete: false };
    return this.verifier.verify({ after, most: RECORDS_A_CALL, signal, keys });
  }
}
