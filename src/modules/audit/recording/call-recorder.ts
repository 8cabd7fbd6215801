import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { AuditLog } from '../chain/audit-log.js';
import { AnonymousCalls } from './anonymous-calls.js';
import { RecordedCall } from './recorded-call.js';

/** Runs before everything that may answer, so that refusals are recorded, too. */
@Injectable()
export class CallRecorder {
  constructor(
    private readonly log: AuditLog,
    private readonly anonymous: AnonymousCalls,
  ) {}

  readonly middleware = (req: Request, res: Response, next: NextFunction): void => {
    new RecordedCall(req, res, this.log, this.anonymous);
    next();
  };
}
