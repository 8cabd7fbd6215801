import { Module } from '@nestjs/common';
import { ClientUsersModule } from './client-users/client-users.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { SessionCheckService } from './lifecycle/session-check.service.js';
import { LostSessionsRepository } from './lifecycle/lost-sessions.repository.js';
import { LostSessionsService } from './lifecycle/lost-sessions.service.js';
import { SessionsJsonEncoder } from './encoding/sessions-json.encoder.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [ClientUsersModule, DirectoryModule],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    SessionsRepository,
    SessionsJsonEncoder,
    SessionCheckService,
    LostSessionsRepository,
    LostSessionsService,
  ],
  exports: [SessionsService, LostSessionsService],
})
export class SessionsModule {}
