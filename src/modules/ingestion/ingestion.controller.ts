import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { RequireScope } from '../../platform/http/access.js';
import { RequestHeaders } from '../../platform/http/validation/request-headers.js';
import { Audited } from '../audit/port/audited.js';
import { AppConfig } from '../../config/app-config.js';
import { IngestHeaders } from './dto/ingest.headers.js';
import { DocumentIngestSessions } from './dto/ingest-sessions.docs.js';
import { IngestRequest } from './ingest-request.js';
import { sendResults } from './results/send-results.js';
import { INGEST_WRITE } from './ingestion.audit.js';

@ApiTags('ingest')
@Controller('api/v1/ingest')
export class IngestionController {
  constructor(
    @Inject(IngestRequest) private readonly ingest: IngestRequest,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Post('sessions')
  @HttpCode(200)
  @RequireScope('ingest:write')
  @Audited(INGEST_WRITE)
  @DocumentIngestSessions()
  async addSessions(
    @Req() req: Request,
    @RequestHeaders() headers: IngestHeaders,
    @Res() res: Response,
  ): Promise<void> {
    const { STALL_TIMEOUT: stallMs, DOWNLOAD_TIMEOUT: maxMs } = this.config;
    await this.ingest.ingest(req, headers, (spool) => sendResults(req, res, spool, { stallMs, maxMs }));
  }
}
