import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RequireScope } from '../../common/access.js';
import { Audited } from '../../common/audited.js';
import { readQuery } from '../../common/query-string.js';
import { DocumentIngestSessions } from './dto/ingest-sessions.docs.js';
import type { IngestSessionsResponse } from './dto/ingest-sessions.response.js';
import { IngestRequest } from './ingest-request.js';

@ApiTags('ingest')
@Controller('api/v1/ingest')
export class IngestController {
  constructor(@Inject(IngestRequest) private readonly ingest: IngestRequest) {}

  @Post('sessions')
  @HttpCode(200)
  @RequireScope('ingest:write')
  @Audited('ingest.write')
  @DocumentIngestSessions()
  async addSessions(@Req() req: Request): Promise<IngestSessionsResponse> {
    readQuery(req.originalUrl, []);
    return this.ingest.ingest(req);
  }
}
