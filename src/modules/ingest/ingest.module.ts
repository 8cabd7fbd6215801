import { Module } from '@nestjs/common';
import { IngestRequest } from './ingest-request.js';
import { IngestController } from './ingest.controller.js';
import { IngestRepository } from './ingest.repository.js';
import { IngestService } from './ingest.service.js';

@Module({
  controllers: [IngestController],
  providers: [IngestRepository, IngestService, IngestRequest],
  exports: [IngestService],
})
export class IngestModule {}
