import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { StatisticsModule } from '../../statistics/statistics.module.js';
import { Activity } from '../entities/activity.entity.js';
import { SearchModule } from '../search/search.module.js';
import { ActivityListService } from './activity-list.service.js';
import { SessionActivitiesRepository } from './session-activities.repository.js';
import { SessionLookUpService } from './session-look-up.service.js';
import { SessionTimesService } from './session-times.service.js';
import { SessionController } from './session.controller.js';

@Module({
  imports: [TypeOrmModule.forFeature([Activity]), SearchModule, StatisticsModule],
  controllers: [SessionController],
  providers: [ActivityListService, SessionActivitiesRepository, SessionLookUpService, SessionTimesService],
})
export class SingleSessionModule {}
