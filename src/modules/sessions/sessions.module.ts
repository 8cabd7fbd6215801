import { Module } from '@nestjs/common';
import { DownloadSlots } from '../../common/json-stream.js';
import { AppConfig } from '../../config/app-config.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { SessionCheckService } from './session-check.service.js';
import { LostSessionsRepository } from './lost-sessions.repository.js';
import { LostSessionsService } from './lost-sessions.service.js';
import { SessionSkipService } from './session-skip.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [DirectoryModule],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    SessionCheckService,
    LostSessionsRepository,
    LostSessionsService,
    SessionSkipService,
    {
      provide: DownloadSlots,
      useFactory: (config: AppConfig) => new DownloadSlots(config.MAX_DOWNLOADS, config.DOWNLOAD_TIMEOUT),
      inject: [AppConfig],
    },
  ],
  exports: [SessionsService, LostSessionsService, SessionSkipService, DownloadSlots],
})
export class SessionsModule {}
