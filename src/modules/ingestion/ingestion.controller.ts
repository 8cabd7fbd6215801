import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { RequireScope } from '../../platform/http/access.js';
import type { CallFilter } from '../../platform/http/call.js';
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
  @Audited(INGEST_WRITE, { recordedBy: 'handler' })
  @DocumentIngestSessions()
  async addSessions(
    @Req() req: Request,
    @RequestHeaders() headers: IngestHeaders,
    @Res() res: Response,
  ): Promise<void> {
    // Records are applied while the body arrives, so only what announces the body is known before.
    await req.call.beginChange(announced(req, headers));
    const { DOWNLOAD_TIMEOUT } = this.config;
    await this.ingest.ingest(req, headers, (spool) => sendResults(req, res, spool, DOWNLOAD_TIMEOUT));
  }
}

function announced({ headers: { 'content-length': length } }: Request, headers: IngestHeaders): CallFilter {
  const { 'Content-Type': contentType, 'Content-Encoding': contentEncoding } = headers;
  return { contentType, contentEncoding, contentLength: length === undefined ? null : Number(length) };
}
