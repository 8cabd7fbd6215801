import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Observable, from, lastValueFrom } from 'rxjs';
import { RepeatedReads } from '../database/reads/repeated-reads.js';

/**
 * Runs the handler of a GET request again when the database was lost before anything of its answer was sent. Calls without a
 * caller are left out: among them are the steps of a login, which work once.
 */
@Injectable()
export class RepeatReads implements NestInterceptor {
  constructor(private readonly reads: RepeatedReads) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const req = http.getRequest<Request>();
    const res = http.getResponse<Response>();
    if (!['GET', 'HEAD'].includes(req.method) || req.call.caller === null) return next.handle();
    const handle = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    return from(this.reads.run(handle, () => !res.headersSent && !res.destroyed));
  }
}
