import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Activity } from './entities/activity.entity.js';
import { Session } from './entities/session.entity.js';
import { Setting } from './entities/setting.entity.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { SessionCheckService } from './lifecycle/session-check.service.js';
import { LostSessionsRepository } from './lifecycle/lost-sessions.repository.js';
import { LostSessionsService } from './lifecycle/lost-sessions.service.js';
import { SessionSkipService } from './windows/session-skip.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Activity, Session, Setting]), DirectoryModule],
  controllers: [SessionsController],
  providers: [SessionsService, SessionCheckService, LostSessionsRepository, LostSessionsService, SessionSkipService],
  exports: [SessionsService, LostSessionsService, SessionSkipService],
})
export class SessionsModule {}
