import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ActiveTimesService } from './active-times.service.js';
import { ProductivityService } from './productivity.service.js';
import { SessionDetailsController } from './session-details.controller.js';
import { SessionDetailsService } from './session-details.service.js';
import { SessionPageService } from './session-page.service.js';
import { StatisticsController } from './statistics.controller.js';
import { StatisticsSender } from './statistics-sender.js';
import { UsageService } from './usage.service.js';

@Module({
  imports: [DirectoryModule, SessionsModule],
  controllers: [SessionDetailsController, StatisticsController],
  providers: [
    ActiveTimesService,
    ProductivityService,
    SessionDetailsService,
    SessionPageService,
    StatisticsSender,
    UsageService,
  ],
})
export class StatisticsModule {}
