import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { CoverageModule } from '../sessions/coverage/coverage.module.js';
import { ReadsController } from './reads.controller.js';
import { ReadsService } from './reads.service.js';

@Module({ imports: [AuditModule, CoverageModule], controllers: [ReadsController], providers: [ReadsService] })
export class ReadsModule {}
