import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../platform/http/access.js';
import {
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '../../../platform/http/docs/decorators.js';
import { callerSignal } from '../../../platform/http/streaming/stream-answer.js';
import { DocumentPathId, PathId } from '../../../platform/http/validation/path-id.js';
import { DownloadSlots } from '../../../platform/limits/download-slots.js';
import { Audited } from '../../audit/port/audited.js';
import { EvidenceResponse } from './dto/evidence.response.js';
import { SESSION_EVIDENCE } from './evidence.audit.js';
import { EvidenceService } from './evidence.service.js';

const ID = 'sessionId';
const DESCRIPTION = `The session with everything that its entries in the change log commit to, a proof of inclusion for each entry, and a
signed checkpoint, all from one snapshot. It is verified offline: \`evidence verify FILE --public-key KEY\`. If the newest
checkpoint does not cover the session, a new one is signed.`;

@ApiTags('sessions')
@Controller('api/v1/sessions/:sessionId/evidence')
export class EvidenceController {
  constructor(
    @Inject(EvidenceService) private readonly evidence: EvidenceService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get()
  @RequireScope('sessions:read', 'activities:read')
  @Audited(SESSION_EVIDENCE)
  @ApiOperation({ summary: 'Proof that a session is what was recorded', description: DESCRIPTION })
  @DocumentPathId(ID, 'session')
  @ApiOkResponse({ type: EvidenceResponse })
  @ApiConflictResponse({ description: 'The session is older than the change log and not in it yet.' })
  @ApiResponse({ status: 503, description: 'The newest version of the session is not in the change log yet.' })
  async read(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @PathId(ID) sessionId: number,
  ): Promise<EvidenceResponse> {
    await req.call.begin({ sessionId });
    const release = await this.slots.beginnings.acquire(req.call.caller?.prefix ?? '', callerSignal(res));
    const evidence = await this.evidence.one(sessionId, req.call.rowScope, callerSignal(res)).finally(release);
    req.call.rows = 1;
    return evidence;
  }
}
