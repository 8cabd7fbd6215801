import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../platform/http/access.js';
import { Audited } from '../port/audited.js';
import { type Piece, callerSignal, sendText } from '../../../platform/http/streaming/json-stream.js';
import { DownloadSlots } from '../../../platform/limits/download-slots.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { invalidParameters, readQuery } from '../../../platform/http/validation/query-string.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { AppConfig } from '../../../config/app-config.js';
import { AuditReaderService } from './audit-reader.service.js';
import { DocumentAuditRecords } from './dto/audit-records.docs.js';
import { toResponse } from './dto/audit-record.response.js';
import { RECORD_PARAMETERS, type RecordQuestion, parseRecordQuestion, writeCursor } from './record-question.js';
import { STREAM_FORMATS } from './record-texts.js';
import { AUDIT_READ } from '../audit.audit.js';

const FORMATS = ['application/json', ...(Object.keys(STREAM_FORMATS) as (keyof typeof STREAM_FORMATS)[])] as const;

@ApiTags('audit')
@Controller('api/v1/audit/records')
export class AuditController {
  private readonly zone: TimeZone;

  constructor(
    private readonly reader: AuditReaderService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {
    this.zone = new TimeZone(config.API_TIME_ZONE);
  }

  @Get()
  @RequireScope('audit:read')
  @Audited(AUDIT_READ)
  @DocumentAuditRecords()
  async list(@Req() req: Request, @Res() res: Response): Promise<void> {
    res.vary('Accept');
    const format = FORMATS.find((name) => name === req.accepts([...FORMATS]));
    if (!format) throw new ProblemError('not-acceptable', `This address gives ${FORMATS.join(', ')}.`);
    const values = readQuery(req.originalUrl, RECORD_PARAMETERS);
    const question = parseRecordQuestion(values, this.zone);
    const limits = { slots: this.slots, stallMs: this.config.STALL_TIMEOUT };
    if (format === 'application/json') return sendText(req, res, await this.page(req, res, question, values), limits);
    if (question.limit !== null)
      throw invalidParameters([{ parameter: 'limit', detail: `is for pages of application/json, not for ${format}` }]);
    const { name, contentType, pieces } = STREAM_FORMATS[format];
    await req.call.begin(understood(question, name));
    res.setHeader('Content-Type', contentType);
    await sendText(req, res, pieces(this.reader.stream(question, callerSignal(res))), limits);
  }

  private async page(
    req: Request,
    res: Response,
    question: RecordQuestion,
    values: ReadonlyMap<string, string>,
  ): Promise<AsyncGenerator<Piece>> {
    await req.call.begin(understood(question, 'json'));
    const { records, next } = await this.reader.page(question, callerSignal(res));
    const cursor = next && writeCursor(next);
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    if (cursor) res.setHeader('Link', `<${nextAddress(req, values, cursor)}>; rel="next"`);
    return only({ text: JSON.stringify({ records: records.map(toResponse), next: cursor }), rows: records.length });
  }
}

async function* only(piece: Piece): AsyncGenerator<Piece> {
  yield piece;
}

function nextAddress(req: Request, values: ReadonlyMap<string, string>, cursor: string): string {
  const query = [...new Map([...values, ['cursor', cursor]])].map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return `${req.path}?${query.join('&')}`;
}

/** The recorded filter: only the parameters that were given. */
function understood({ filter, cursor, limit }: RecordQuestion, format: string): Record<string, string | number> {
  const all = { ...filter, after: cursor?.after, last: cursor?.last, limit, format };
  const given = Object.entries(all).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as Record<string, string | number>;
}
