import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangesModule } from '../../changes/changes.module.js';
import { ChangeHead } from '../../changes/entities/change-head.entity.js';
import { ChangeNode } from '../../changes/entities/change-node.entity.js';
import { ChangeOutbox } from '../../changes/entities/change-outbox.entity.js';
import { SessionChange } from '../../changes/entities/session-change.entity.js';
import { CheckpointsModule } from '../../checkpoints/checkpoints.module.js';
import { Client } from '../../directory/entities/client.entity.js';
import { SessionChangesModule } from '../../sessions/changes/session-changes.module.js';
import { Activity } from '../../sessions/entities/activity.entity.js';
import { Session } from '../../sessions/entities/session.entity.js';
import { Setting } from '../../sessions/entities/setting.entity.js';
import { ChangeVerificationService } from './change-verification.service.js';
import { ChangeVerdictService } from './http/change-verdict.service.js';
import { ChangesVerifyController } from './http/changes-verify.controller.js';
import { LogVerificationService } from './log-verification.service.js';
import { SessionsVerificationService } from './sessions-verification.service.js';
import { StoredSessionsRepository } from './stored-sessions.repository.js';
import { VerificationRepository } from './verification.repository.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Activity, ChangeHead, ChangeNode, ChangeOutbox, Client, Session, SessionChange, Setting]),
    ...[ChangesModule, CheckpointsModule, SessionChangesModule],
  ],
  controllers: [ChangesVerifyController],
  providers: [
    ...[ChangeVerdictService, ChangeVerificationService, LogVerificationService, SessionsVerificationService],
    ...[StoredSessionsRepository, VerificationRepository],
  ],
})
export class ChangeVerificationModule {}
