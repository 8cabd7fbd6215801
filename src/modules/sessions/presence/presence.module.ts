import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DirectoryModule } from '../../directory/directory.module.js';
import { Session } from '../entities/session.entity.js';
import { SessionsModule } from '../sessions.module.js';
import { PresenceAnswersService } from './presence-answers.service.js';
import { PresenceListService } from './presence-list.service.js';
import { PresenceController } from './presence.controller.js';
import { PresenceRepository } from './presence.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([Session]), DirectoryModule, SessionsModule],
  controllers: [PresenceController],
  providers: [PresenceAnswersService, PresenceListService, PresenceRepository],
})
export class PresenceModule {}
