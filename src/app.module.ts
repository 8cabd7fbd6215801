import { type DynamicModule, Module } from '@nestjs/common';
import { PlatformModule } from './platform/platform.module.js';
import { type Clock, SystemClock } from './platform/time/clock.js';
import type { AppConfig } from './config/app-config.js';
import { ENTITIES } from './entities.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { openMetrics } from './platform/observability/metrics/open-metrics.js';
import { openTraces } from './platform/observability/traces/open-traces.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { AccessModule } from './modules/access/access.module.js';
import { ChangeFeedModule } from './modules/change-feed/change-feed.module.js';
import { ConcurrencyModule } from './modules/concurrency/concurrency.module.js';
import { ConsoleModule } from './modules/console/console.module.js';
import { DirectoryModule } from './modules/directory/directory.module.js';
import { ChangeVerificationModule } from './modules/evidence/verification/change-verification.module.js';
import { EvidenceFilesModule } from './modules/evidence/files/evidence-files.module.js';
import { HealthModule } from './modules/health/health.module.js';
import { IngestionModule } from './modules/ingestion/ingestion.module.js';
import { ReadsModule } from './modules/reads/reads.module.js';
import { SearchModule } from './modules/sessions/search/search.module.js';
import { PresenceModule } from './modules/sessions/presence/presence.module.js';
import { SingleSessionModule } from './modules/sessions/single-session/single-session.module.js';
import { SessionsModule } from './modules/sessions/sessions.module.js';
import { TimelineModule } from './modules/sessions/timeline/timeline.module.js';
import { StatisticsModule } from './modules/statistics/statistics.module.js';

// Actions that only commands record, so no controller imports them.
import './cli/backup/backup.audit.js';
import './cli/evidence/evidence.audit.js';
import './cli/export/export.audit.js';
import './modules/importers/importers.audit.js';
import './modules/sample/sample.audit.js';

@Module({})
export class AppModule {
  static async with(config: AppConfig, clock: Clock = new SystemClock()): Promise<DynamicModule> {
    const metrics = await openMetrics(config);
    const traces = await openTraces(config);
    const infrastructure = [
      PlatformModule.with({ config, clock, metrics, traces }),
      await DatabaseModule.open(config, ENTITIES, { metrics, traces }),
    ];
    // The audit comes before the keys: guards run in this order.
    const searching = [
      SearchModule,
      SingleSessionModule,
      PresenceModule,
      ConcurrencyModule,
      TimelineModule,
      ChangeFeedModule,
      ChangeVerificationModule,
      EvidenceFilesModule,
    ];
    const reading = [...searching, SessionsModule, StatisticsModule, DirectoryModule, ReadsModule];
    const modules = [
      AuditModule,
      AccessModule,
      ...reading,
      IngestionModule,
      HealthModule.with(config),
      ConsoleModule.with(config),
    ];
    return { module: AppModule, imports: [...infrastructure, ...modules] };
  }
}
