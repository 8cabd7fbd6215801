import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangeHead } from '../../changes/entities/change-head.entity.js';
import { ChangeOutbox } from '../../changes/entities/change-outbox.entity.js';
import { Session } from '../entities/session.entity.js';
import { SessionStateRepository } from './session-state.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([ChangeHead, ChangeOutbox, Session])],
  providers: [SessionStateRepository],
  exports: [SessionStateRepository],
})
export class SessionStateModule {}
