import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CheckpointsModule } from '../checkpoints/checkpoints.module.js';
import { ChangeCheckpointSigner } from './checkpoints/change-checkpoint-signer.js';
import { ChangeCheckpointsRepository } from './checkpoints/change-checkpoints.repository.js';
import { ChangeCheckpointsService } from './checkpoints/change-checkpoints.service.js';
import { ChangeCheckpoint } from './entities/change-checkpoint.entity.js';
import { ChangeHead } from './entities/change-head.entity.js';
import { ChangeNode } from './entities/change-node.entity.js';
import { ChangeOutbox } from './entities/change-outbox.entity.js';
import { SessionChange } from './entities/session-change.entity.js';
import { ChangeLogMetrics } from './log/change-log-metrics.js';
import { ChangeLogRepository } from './log/change-log.repository.js';
import { ChangeLogService } from './log/change-log.service.js';
import { ChangeSequencerService } from './log/change-sequencer.service.js';
import { ChangeProofsController } from './proofs/change-proofs.controller.js';
import { ChangeProofsService } from './proofs/change-proofs.service.js';
import { SessionProofsService } from './proofs/session-proofs.service.js';
import { ChangeTreeRepository } from './tree/change-tree.repository.js';
import './changes.problems.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([ChangeCheckpoint, ChangeHead, ChangeNode, ChangeOutbox, SessionChange]),
    CheckpointsModule,
  ],
  controllers: [ChangeProofsController],
  providers: [
    ...[ChangeProofsService, SessionProofsService],
    ...[ChangeLogMetrics, ChangeLogRepository, ChangeLogService, ChangeSequencerService, ChangeTreeRepository],
    ...[ChangeCheckpointSigner, ChangeCheckpointsRepository, ChangeCheckpointsService],
  ],
  exports: [
    ...[ChangeLogService, ChangeSequencerService, ChangeTreeRepository, SessionProofsService],
    ...[ChangeCheckpointsRepository, ChangeCheckpointsService],
  ],
})
export class ChangesModule {}
