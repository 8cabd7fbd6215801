import { Module } from '@nestjs/common';
import { ChangesModule } from '../../changes/changes.module.js';
import { SessionChangesModule } from '../../sessions/changes/session-changes.module.js';
import { SearchModule } from '../../sessions/search/search.module.js';
import { EvidenceSnapshotsService } from './evidence-snapshots.service.js';
import { EvidenceController } from './evidence.controller.js';
import { EvidenceService } from './evidence.service.js';

@Module({
  imports: [ChangesModule, SearchModule, SessionChangesModule],
  controllers: [EvidenceController],
  providers: [EvidenceService, EvidenceSnapshotsService],
})
export class EvidenceFilesModule {}
