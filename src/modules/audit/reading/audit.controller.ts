import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../platform/http/access.js';
import { Audited } from '../port/audited.js';
import { type Piece, callerSignal, streamAnswer } from '../../../platform/http/streaming/stream-answer.js';
import { DownloadSlots } from '../../../platform/limits/download-slots.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { invalidParameters } from '../../../platform/http/validation/faults.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { AuditReaderService } from './audit-reader.service.js';
import { DocumentAuditRecords } from './dto/audit-records.docs.js';
import { toResponse } from './dto/audit-record.response.js';
import { AuditRecordsQuery } from './dto/audit-records.query.js';
import {
  RECORD_CURSORS,
  type RecordFilter,
  type RecordQuestion,
  recordCursorFilter,
  recordQuestion,
} from './record-question.js';
import { STREAM_FORMATS } from './record-texts.js';
import { AUDIT_READ } from '../audit.audit.js';

const FORMATS = ['application/json', ...(Object.keys(STREAM_FORMATS) as (keyof typeof STREAM_FORMATS)[])] as const;

@ApiTags('audit')
@Controller('api/v1/audit/records')
export class AuditController {
  constructor(
    private readonly reader: AuditReaderService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get()
  @RequireScope('audit:read')
  @Audited(AUDIT_READ)
  @DocumentAuditRecords()
  async list(@Req() req: Request, @Res() res: Response, @StrictQuery() query: AuditRecordsQuery): Promise<void> {
    res.vary('Accept');
    const format = FORMATS.find((name) => name === req.accepts([...FORMATS]));
    if (!format) throw new ProblemError('not-acceptable', `This address gives ${FORMATS.join(', ')}.`);
    const question = recordQuestion(query);
    if (format === 'application/json') return streamAnswer(req, res, await this.page(req, res, question), this.slots);
    if (question.limit !== null)
      throw invalidParameters([{ parameter: 'limit', detail: `is for pages of application/json, not for ${format}` }]);
    const { name, contentType, pieces } = STREAM_FORMATS[format];
    await req.call.begin(understood(question, name));
    res.setHeader('Content-Type', contentType);
    await streamAnswer(req, res, pieces(this.reader.stream(question, callerSignal(res))), this.slots);
  }

  private async page(req: Request, res: Response, question: RecordQuestion): Promise<AsyncGenerator<Piece>> {
    await req.call.begin(understood(question, 'json'));
    const { records, next } = await this.reader.page(question, callerSignal(res));
    const cursor = next && RECORD_CURSORS.write(next, recordCursorFilter(question.filter, question.order));
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    if (cursor) res.setHeader('Link', `<${nextAddress(req, question, cursor)}>; rel="next"`);
    return only({ text: JSON.stringify({ records: records.map(toResponse), next: cursor }), rows: records.length });
  }
}

async function* only(piece: Piece): AsyncGenerator<Piece> {
  yield piece;
}

/** The whole question again, so that the address is complete. */
function nextAddress({ path }: Request, { filter, order, limit }: RecordQuestion, cursor: string): string {
  const address = {
    ...recordCursorFilter(filter, order),
    from: rfc3339(filter.from),
    to: rfc3339(filter.to),
    cursor,
    limit,
  };
  const query = Object.entries(withoutGaps(address)).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${path}?${query.join('&')}`;
}

function rfc3339(instantText: RecordFilter['from']): string | undefined {
  return instantText ? `${instantText.replace(' ', 'T')}Z` : undefined;
}

/** The recorded filter: only the parameters that were given. */
function understood(
  { filter, position, order, limit }: RecordQuestion,
  format: string,
): Record<string, string | number> {
  const place = { after: position?.after, last: position?.last };
  return withoutGaps({ ...recordCursorFilter(filter, order), ...place, limit, format });
}

function withoutGaps(values: object): Record<string, string | number> {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as Record<string, string | number>;
}
