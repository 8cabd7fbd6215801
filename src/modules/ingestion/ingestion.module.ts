import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Client } from '../directory/entities/client.entity.js';
import { User } from '../directory/entities/user.entity.js';
import { Activity } from '../sessions/entities/activity.entity.js';
import { Session } from '../sessions/entities/session.entity.js';
import { Setting } from '../sessions/entities/setting.entity.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { SessionChangesModule } from '../sessions/changes/session-changes.module.js';
import { BatchTransactions } from './batch-transactions.js';
import { IngestRequest } from './ingest-request.js';
import { IngestionController } from './ingestion.controller.js';
import { IngestionRepository } from './ingestion.repository.js';
import { IngestionService } from './ingestion.service.js';
import './ingestion.scopes.js';

@Module({
  imports: [TypeOrmModule.forFeature([Activity, Client, Session, Setting, User]), SessionChangesModule, SessionsModule],
  controllers: [IngestionController],
  providers: [BatchTransactions, IngestionRepository, IngestionService, IngestRequest],
  exports: [IngestionService],
})
export class IngestionModule {}
