import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DirectoryModule } from '../../directory/directory.module.js';
import { Session } from '../entities/session.entity.js';
import { CoverageRepository } from './coverage.repository.js';
import { SessionCoverageService } from './session-coverage.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Session]), DirectoryModule],
  providers: [CoverageRepository, SessionCoverageService],
  exports: [SessionCoverageService],
})
export class CoverageModule {}
