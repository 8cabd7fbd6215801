import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangesModule } from '../../changes/changes.module.js';
import { Client } from '../../directory/entities/client.entity.js';
import { User } from '../../directory/entities/user.entity.js';
import { Activity } from '../entities/activity.entity.js';
import { Session } from '../entities/session.entity.js';
import { CommittedSessionsService } from './committed-sessions.service.js';
import { OlderSessionsService } from './older-sessions.service.js';
import { SessionChangesService } from './session-changes.service.js';
import { SessionContentsRepository } from './session-contents.repository.js';
import { SessionVersionsRepository } from './session-versions.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([Activity, Client, Session, User]), ChangesModule],
  providers: [
    CommittedSessionsService,
    OlderSessionsService,
    SessionChangesService,
    SessionContentsRepository,
    SessionVersionsRepository,
  ],
  exports: [CommittedSessionsService, OlderSessionsService, SessionChangesService, SessionContentsRepository],
})
export class SessionChangesModule {}
