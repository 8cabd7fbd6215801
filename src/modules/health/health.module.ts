import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { AppConfig } from '../../config/app-config.js';
import { AuditModule } from '../audit/audit.module.js';
import { HealthDetailsController } from './health-details.controller.js';
import { HealthController } from './health.controller.js';
import { LimitsController } from './limits.controller.js';
import { ReadinessService } from './readiness.service.js';

@Module({})
export class HealthModule {
  /** After SIGTERM the process is not ready, but serves for SHUTDOWN_DELAY, until load balancers have noticed. */
  static with({ SHUTDOWN_DELAY }: AppConfig): DynamicModule {
    const gracefulShutdownTimeoutMs = SHUTDOWN_DELAY === 'off' ? 0 : SHUTDOWN_DELAY;
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs }), AuditModule],
      controllers: [HealthController, HealthDetailsController, LimitsController],
      providers: [ReadinessService],
    };
  }
}
