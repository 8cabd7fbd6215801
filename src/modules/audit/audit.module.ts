import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditCheckpoint } from './entities/audit-checkpoint.entity.js';
import { AuditHead } from './entities/audit-head.entity.js';
import { AuditRecordEntity } from './entities/audit-record.entity.js';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { CheckpointsModule } from '../checkpoints/checkpoints.module.js';
import { AuditCheckpointsService } from './checkpoints/audit-checkpoints.service.js';
import { AuditLog } from './chain/audit-log.js';
import { AuditReaderService } from './reading/audit-reader.service.js';
import { AuditVerifierService } from './verification/audit-verifier.service.js';
import { AuditVerifyController } from './verification/audit-verify.controller.js';
import { AuditController } from './reading/audit.controller.js';
import { AnonymousCalls } from './recording/anonymous-calls.js';
import { AuditGuard } from './recording/audit.guard.js';
import { AuditInterceptor } from './recording/audit.interceptor.js';
import { AuditRepository } from './chain/audit.repository.js';
import { AuditQueries } from './reading/audit.queries.js';
import { AuditService } from './audit.service.js';
import { CallRecorder } from './recording/call-recorder.js';
import './audit.problems.js';
import './audit.scopes.js';

/** Imported before the access module, so that its guard runs first and refused keys are recorded with their action. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditCheckpoint, AuditHead, AuditRecordEntity]), CheckpointsModule],
  controllers: [AuditController, AuditVerifyController],
  providers: [
    ...[AuditRepository, AuditQueries, AuditLog, AuditService, AnonymousCalls, CallRecorder],
    ...[AuditReaderService, AuditVerifierService, AuditCheckpointsService],
    { provide: APP_GUARD, useClass: AuditGuard },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
  exports: [AuditService, AuditReaderService, CallRecorder],
})
export class AuditModule {}
