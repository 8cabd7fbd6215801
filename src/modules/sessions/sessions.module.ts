import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DirectoryModule } from '../directory/directory.module.js';
import { ClientUsersModule } from './client-users/client-users.module.js';
import { SessionChangesModule } from './changes/session-changes.module.js';
import { SessionsJsonEncoder } from './encoding/sessions-json.encoder.js';
import { Activity } from './entities/activity.entity.js';
import { Session } from './entities/session.entity.js';
import { Setting } from './entities/setting.entity.js';
import { LostAfterRevision } from './lifecycle/lost-after-revision.js';
import { LostAfter } from './lifecycle/lost-after.js';
import { LostSessionMarker } from './lifecycle/lost-session-marker.js';
import { LostSessionsRepository } from './lifecycle/lost-sessions.repository.js';
import { LostSessionsService } from './lifecycle/lost-sessions.service.js';
import { SessionCheckRepository } from './lifecycle/session-check.repository.js';
import { SessionCheckService } from './lifecycle/session-check.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SessionStateModule } from './state/session-state.module.js';
import { WindowTagsService } from './state/window-tags.service.js';
import './sessions.scopes.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Activity, Session, Setting]),
    ClientUsersModule,
    DirectoryModule,
    SessionChangesModule,
    SessionStateModule,
  ],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    SessionsRepository,
    SessionsJsonEncoder,
    SessionCheckRepository,
    SessionCheckService,
    LostAfter,
    LostAfterRevision,
    LostSessionMarker,
    LostSessionsRepository,
    LostSessionsService,
    WindowTagsService,
  ],
  exports: [SessionsService, SessionsRepository, LostSessionsService],
})
export class SessionsModule {}
