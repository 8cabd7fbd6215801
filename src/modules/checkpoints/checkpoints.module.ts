import { Module } from '@nestjs/common';
import { CheckpointsService } from './checkpoints.service.js';

@Module({ providers: [CheckpointsService], exports: [CheckpointsService] })
export class CheckpointsModule {}
