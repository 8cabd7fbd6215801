import { type DynamicModule, Module } from '@nestjs/common';
import { CommonModule } from './app.common.module.js';
import { type Clock, SystemClock } from './common/clock.js';
import type { AppConfig } from './config/app-config.js';
import { DatabaseModule } from './database/database.module.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { DirectoryListsModule } from './modules/directory/directory-lists.module.js';
import { HealthModule } from './modules/health/health.module.js';
import { IngestModule } from './modules/ingest/ingest.module.js';
import { SessionsModule } from './modules/sessions/sessions.module.js';
import { StatisticsModule } from './modules/statistics/statistics.module.js';

@Module({})
export class AppModule {
  static async with(config: AppConfig, clock: Clock = new SystemClock()): Promise<DynamicModule> {
    const infrastructure = [CommonModule.with(config, clock), await DatabaseModule.open(config)];
    // The audit comes before the keys: guards run in this order.
    const reading = [SessionsModule, StatisticsModule, DirectoryListsModule];
    const modules = [AuditModule, AuthModule, ...reading, IngestModule, HealthModule];
    return { module: AppModule, imports: [...infrastructure, ...modules] };
  }
}
