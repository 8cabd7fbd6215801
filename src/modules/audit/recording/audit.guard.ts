import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ACCESS, type Access } from '../../../platform/http/access.js';
import { type AuditAction } from '../port/audit-action.js';
import { AUDIT_ACTION } from '../port/audited.js';

/** Runs before authentication, so that the record of a refused call names its action. */
@Injectable()
export class AuditGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const where = [context.getHandler(), context.getClass()];
    const { call } = context.switchToHttp().getRequest<Request>();
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, where);
    if (access && 'public' in access) {
      call.route = 'public';
      return true;
    }
    const action = this.reflector.getAllAndOverride<AuditAction | undefined>(AUDIT_ACTION, where);
    if (!action) throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no @Audited(…).`);
    call.route = action;
    return true;
  }
}
