import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { type Observable, from, mergeMap } from 'rxjs';

/** These change nothing, so their record is written while the handler works. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A call that changes something is recorded before it begins: no change without its record. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const req = context.switchToHttp().getRequest<Request>();
    return SAFE.has(req.method) ? next.handle() : from(req.call.recorded()).pipe(mergeMap(() => next.handle()));
  }
}
