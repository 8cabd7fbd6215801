import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../../platform/http/access.js';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '../../../../platform/http/docs/decorators.js';
import { nextLink } from '../../../../platform/http/paging/next-link.js';
import { ProblemError } from '../../../../platform/http/problems/problem.js';
import { callerSignal } from '../../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../../platform/http/validation/strict-query.js';
import { ConcurrencyLimiter } from '../../../../platform/limits/concurrency-limiter.js';
import { toInstantText } from '../../../../platform/time/instant.js';
import { Audited } from '../../../audit/port/audited.js';
import { VERIFICATION_START, parsePosition } from '../verification-position.js';
import { ChangeVerdictService, ENTRIES_A_CALL, LISTED_FAULTS, SESSIONS_A_CALL } from './change-verdict.service.js';
import { CHANGES_VERIFY } from './changes-verify.audit.js';
import { ChangesVerdictResponse } from './dto/changes-verdict.response.js';
import { ChangesVerifyQuery } from './dto/changes-verify.query.js';

const DESCRIPTION = `First recomputes the log from its entries, then compares sessions and activities with it. A call verifies at most
${ENTRIES_A_CALL} entries or ${SESSIONS_A_CALL} sessions; \`next\` is the position from which to continue. The answer lists the first
${LISTED_FAULTS} faults. With \`client\`, \`from\` or \`to\` the log as a whole and deleted sessions are not verified. An attacker with write
access to the database can rewrite the log consistently together with its checkpoints: compare it with the checkpoints that were
kept elsewhere (\`changes verify --checkpoint\` on the command line).`;

@ApiTags('changes')
@Controller('api/v1/changes/verify')
export class ChangesVerifyController {
  /** A verification keeps one processor busy, so a process runs one at a time. */
  private readonly verifications = new ConcurrencyLimiter(1);

  constructor(@Inject(ChangeVerdictService) private readonly verdicts: ChangeVerdictService) {}

  /** Keys with this scope cannot be limited to clients, so the answer may be about all of them. */
  @Get()
  @RequireScope('audit:read')
  @Audited(CHANGES_VERIFY)
  @ApiOperation({ summary: 'Whether sessions and the change log are what was recorded', description: DESCRIPTION })
  @ApiOkResponse({ type: ChangesVerdictResponse })
  @ApiResponse({ status: 400, description: 'A parameter is not understood; the problem names it.' })
  @ApiResponse({ status: 503, description: 'Another verification is under way here; see `Retry-After`.' })
  async verify(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictQuery() { after, client, from, to }: ChangesVerifyQuery,
  ): Promise<ChangesVerdictResponse> {
    const position = (after !== undefined && parsePosition(after)) || VERIFICATION_START;
    const filter = { clientGuid: client, from: instantText(from), to: instantText(to) };
    await req.call.begin({
      after: after ?? null,
      client: client ?? null,
      from: filter.from ?? null,
      to: filter.to ?? null,
    });
    const release = this.verifications.tryAcquire();
    if (!release) {
      const detail = 'Another verification is running in this process; try again shortly.';
      throw new ProblemError('unavailable', detail, { headers: { 'Retry-After': '5' } });
    }
    const verdict = await this.verdicts.part(position, filter, callerSignal(res)).finally(release);
    if (verdict.next !== null) res.setHeader('Link', nextLink(req, verdict.next, 'after'));
    return verdict;
  }
}

function instantText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : toInstantText(ms);
}
