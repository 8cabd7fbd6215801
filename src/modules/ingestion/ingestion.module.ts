import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { IngestRequest } from './ingest-request.js';
import { IngestionController } from './ingestion.controller.js';
import { IngestionRepository } from './ingestion.repository.js';
import { IngestionService } from './ingestion.service.js';

@Module({
  imports: [SessionsModule],
  controllers: [IngestionController],
  providers: [IngestionRepository, IngestionService, IngestRequest],
  exports: [IngestionService],
})
export class IngestionModule {}
