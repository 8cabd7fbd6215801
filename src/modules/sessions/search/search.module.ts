import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Client } from '../../directory/entities/client.entity.js';
import { DirectoryModule } from '../../directory/directory.module.js';
import { Activity } from '../entities/activity.entity.js';
import { Session } from '../entities/session.entity.js';
import { SessionsModule } from '../sessions.module.js';
import { SearchActivitiesRepository } from './walk/search-activities.repository.js';
import { SearchRepository } from './walk/search.repository.js';
import { SearchSelectionService } from './search-selection.service.js';
import { SessionListService } from './session-list.service.js';
import { SessionSearchService } from './session-search.service.js';
import { SessionViewsService } from './session-views.service.js';
import { SessionsListController } from './sessions-list.controller.js';

@Module({
  imports: [TypeOrmModule.forFeature([Activity, Client, Session]), DirectoryModule, SessionsModule],
  controllers: [SessionsListController],
  providers: [
    SearchActivitiesRepository,
    SearchRepository,
    SearchSelectionService,
    SessionListService,
    SessionSearchService,
    SessionViewsService,
  ],
  exports: [SearchRepository, SessionSearchService, SessionViewsService],
})
export class SearchModule {}
