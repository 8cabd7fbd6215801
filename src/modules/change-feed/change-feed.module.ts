import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangesModule } from '../changes/changes.module.js';
import { ChangeHead } from '../changes/entities/change-head.entity.js';
import { SessionChange } from '../changes/entities/session-change.entity.js';
import { SearchModule } from '../sessions/search/search.module.js';
import { ChangeFeedController } from './change-feed.controller.js';
import { ChangeFeedRepository } from './change-feed.repository.js';
import { ChangeFeedService } from './change-feed.service.js';
import { FeedSignalService } from './feed-signal.service.js';
import './change-feed.scopes.js';

@Module({
  imports: [TypeOrmModule.forFeature([ChangeHead, SessionChange]), ChangesModule, SearchModule],
  controllers: [ChangeFeedController],
  providers: [ChangeFeedRepository, ChangeFeedService, FeedSignalService],
})
export class ChangeFeedModule {}
