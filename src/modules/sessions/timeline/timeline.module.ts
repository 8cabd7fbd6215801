import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DirectoryModule } from '../../directory/directory.module.js';
import { Session } from '../entities/session.entity.js';
import { SearchModule } from '../search/search.module.js';
import { SessionStateModule } from '../state/session-state.module.js';
import { SessionsModule } from '../sessions.module.js';
import { DensityReaderService } from './density/density-reader.service.js';
import { OpenCountsRepository } from './density/open-counts.repository.js';
import { TimelineDensityService } from './density/timeline-density.service.js';
import { TimelineReadersService } from './rows/timeline-readers.service.js';
import { TimelineRowsService } from './rows/timeline-rows.service.js';
import { TimelineController } from './timeline.controller.js';
import { TimelineRepository } from './timeline.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([Session]), DirectoryModule, SearchModule, SessionStateModule, SessionsModule],
  controllers: [TimelineController],
  providers: [
    ...[TimelineReadersService, TimelineRepository, TimelineRowsService],
    ...[DensityReaderService, OpenCountsRepository, TimelineDensityService],
  ],
})
export class TimelineModule {}
