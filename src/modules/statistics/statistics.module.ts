import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DirectoryModule } from '../directory/directory.module.js';
import { Activity } from '../sessions/entities/activity.entity.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ActivitiesRepository } from './activities/activities.repository.js';
import { ActivitiesService } from './activities/activities.service.js';
import { ProductivityService } from './productivity/productivity.service.js';
import { SessionDetailsController } from './details/session-details.controller.js';
import { SessionDetailsService } from './details/session-details.service.js';
import { SessionPageService } from './details/session-page.service.js';
import { StatisticsController } from './statistics.controller.js';
import { TotalsController } from './totals/totals.controller.js';
import { TotalsService } from './totals/totals.service.js';
import { UsageService } from './usage/usage.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Activity]), DirectoryModule, SessionsModule],
  controllers: [SessionDetailsController, StatisticsController, TotalsController],
  providers: [
    ActivitiesRepository,
    ActivitiesService,
    ProductivityService,
    SessionDetailsService,
    SessionPageService,
    TotalsService,
    UsageService,
  ],
  exports: [ActivitiesService],
})
export class StatisticsModule {}
