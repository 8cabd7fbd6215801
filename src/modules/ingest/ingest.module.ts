import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { IngestRequest } from './ingest-request.js';
import { IngestController } from './ingest.controller.js';
import { IngestRepository } from './ingest.repository.js';
import { IngestService } from './ingest.service.js';

@Module({
  imports: [SessionsModule],
  controllers: [IngestController],
  providers: [IngestRepository, IngestService, IngestRequest],
  exports: [IngestService],
})
export class IngestModule {}
