import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AuditCheckpointsService } from './audit-checkpoints.service.js';
import { AuditLog } from './audit-log.js';
import { AuditReaderService } from './audit-reader.service.js';
import { AuditVerifierService } from './audit-verifier.service.js';
import { AuditVerifyController } from './audit-verify.controller.js';
import { AuditController } from './audit.controller.js';
import { AuditGuard } from './audit.guard.js';
import { AuditInterceptor } from './audit.interceptor.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { CallRecorder } from './call-recorder.js';

/** Stands before the module of the keys: a refused key is recorded with what it was refused for. */
@Module({
  // For the slots of long downloads, which all share.
  imports: [SessionsModule],
  controllers: [AuditController, AuditVerifyController],
  providers: [
    ...[AuditRepository, AuditLog, AuditService, CallRecorder],
    ...[AuditReaderService, AuditVerifierService, AuditCheckpointsService],
    { provide: APP_GUARD, useClass: AuditGuard },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
  exports: [AuditService, CallRecorder],
})
export class AuditModule {}
