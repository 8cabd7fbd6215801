import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { type Observable, from, mergeMap } from 'rxjs';
import { RECORDED_BY_HANDLER } from '../port/audited.js';

/** Handlers of these methods change nothing, so their record is written while they work. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Nothing is changed before its record is durable. A handler of an unsafe method starts after that, unless its route
 * declares `recordedBy: 'handler'`.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const req = context.switchToHttp().getRequest<Request>();
    const byHandler = this.reflector.get<boolean | undefined>(RECORDED_BY_HANDLER, context.getHandler());
    if (byHandler || SAFE.has(req.method)) return next.handle();
    return from(req.call.recorded()).pipe(mergeMap(() => next.handle()));
  }
}
