import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DirectoryModule } from '../../directory/directory.module.js';
import { Session } from '../entities/session.entity.js';
import { SearchModule } from '../search/search.module.js';
import { SessionsModule } from '../sessions.module.js';
import { TimelineReadersService } from './rows/timeline-readers.service.js';
import { TimelineRowsService } from './rows/timeline-rows.service.js';
import { TimelineController } from './timeline.controller.js';
import { TimelineRepository } from './timeline.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([Session]), DirectoryModule, SearchModule, SessionsModule],
  controllers: [TimelineController],
  providers: [TimelineReadersService, TimelineRepository, TimelineRowsService],
})
export class TimelineModule {}
