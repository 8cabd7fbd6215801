import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangeHead } from './entities/change-head.entity.js';
import { ChangeNode } from './entities/change-node.entity.js';
import { ChangeOutbox } from './entities/change-outbox.entity.js';
import { SessionChange } from './entities/session-change.entity.js';
import { ChangeLogRepository } from './log/change-log.repository.js';
import { ChangeLogService } from './log/change-log.service.js';
import { ChangeSequencerService } from './log/change-sequencer.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ChangeHead, ChangeNode, ChangeOutbox, SessionChange])],
  providers: [ChangeLogRepository, ChangeLogService, ChangeSequencerService],
  exports: [ChangeLogService, ChangeSequencerService],
})
export class ChangesModule {}
