import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { invalidParameters } from './faults.js';
import { readQueryText } from './query-text.js';
import { READS_QUERY } from './strict-query.js';

/** Refuses every parameter where the handler declares none. */
@Injectable()
export class UndeclaredQuery implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  /** @throws ProblemError `invalid-parameter` */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.reflector.get<boolean | undefined>(READS_QUERY, context.getHandler())) {
      const { faults } = readQueryText(context.switchToHttp().getRequest<Request>().originalUrl, []);
      if (faults.length > 0) throw invalidParameters(faults);
    }
    return next.handle();
  }
}
