import { SetMetadata, applyDecorators } from '@nestjs/common';
import type { AuditAction } from './audit-action.js';

export const AUDIT_ACTION = 'audit-action';

export const RECORDED_BY_HANDLER = 'audit-recorded-by-handler';

export interface AuditedOptions {
  /**
   * `interceptor` (default): the record of an unsafe method is durable before its handler starts, without the values of the
   * body. `handler`: the handler records the values. It calls `Call.begin`, and before it changes anything
   * `Call.recorded`, or `Call.beginChange` for both.
   */
  readonly recordedBy?: 'interceptor' | 'handler';
}

/** Declares the audit action of a route. A route that is not `@Public()` and declares none is refused. */
export const Audited = (action: AuditAction, { recordedBy = 'interceptor' }: AuditedOptions = {}) =>
  applyDecorators(
    SetMetadata<string, AuditAction>(AUDIT_ACTION, action),
    SetMetadata(RECORDED_BY_HANDLER, recordedBy === 'handler'),
  );
