import { type DynamicModule, Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { RootController } from './http/server/root.controller.js';
import { ListAnswers } from './http/streaming/list-answers.js';
import { DownloadSlots } from './limits/download-slots.js';
import { FairLimiter } from './limits/fair-limiter.js';
import { HttpMetrics } from './observability/metrics/http-metrics.js';
import { MetricsServer } from './observability/metrics/metrics-server.js';
import { Metrics } from './observability/metrics/metrics.js';
import { CloseTraces } from './observability/traces/open-traces.js';
import { TRACES, type Traces } from './observability/traces/traces.js';
import { RefusedCalls } from './observability/refused-calls.js';
import { Clock } from './time/clock.js';
import { TimeZone } from './time/time-zone.js';

export interface PlatformServices {
  readonly config: AppConfig;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly traces: Traces | null;
}

/** Configuration, clock, metrics and download slots, for every module. */
@Module({})
export class PlatformModule {
  static with({ config, clock, metrics, traces }: PlatformServices): DynamicModule {
    const slots = downloadSlots(config);
    measure(slots, config, metrics);
    return {
      module: PlatformModule,
      global: true,
      controllers: [RootController],
      providers: [
        { provide: AppConfig, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: TimeZone, useValue: new TimeZone(config.API_TIME_ZONE) },
        { provide: DownloadSlots, useValue: slots },
        ListAnswers,
        { provide: Metrics, useValue: metrics },
        { provide: TRACES, useValue: traces },
        ...[CloseTraces, HttpMetrics, MetricsServer, RefusedCalls],
      ],
      exports: [
        AppConfig,
        Clock,
        TimeZone,
        DownloadSlots,
        ListAnswers,
        HttpMetrics,
        Metrics,
        MetricsServer,
        RefusedCalls,
        TRACES,
      ],
    };
  }
}

function measure(slots: DownloadSlots, config: AppConfig, metrics: Metrics): void {
  const gauge = (name: string, help: string, read: () => number) => metrics.gauge({ name, help }, read);
  gauge('downloads_in_progress', 'Answers above 1 MiB that are being sent.', () => slots.inUse);
  gauge('downloads_limit', 'Most of them at the same time.', () => config.MAX_DOWNLOADS);
  const { beginnings } = slots;
  gauge('answers_in_preparation', 'Answers that are being computed, up to their first MiB.', () => beginnings.inUse);
  gauge('answers_queued', 'Answers whose computation waits for its turn.', () => beginnings.pending);
}

function downloadSlots(config: AppConfig): DownloadSlots {
  const beginnings = new FairLimiter({
    // As many as there are connections for short reads; see `openConnections`.
    total: config.DB_POOL_SIZE,
    perCaller: Math.min(config.ANSWERS_PER_CALLER, config.DB_POOL_SIZE),
    maxWaitMs: config.POOL_TIMEOUT,
  });
  const limits = { perCaller: config.DOWNLOADS_PER_CALLER, maxMs: config.DOWNLOAD_TIMEOUT };
  return new DownloadSlots({ total: config.MAX_DOWNLOADS, ...limits }, beginnings);
}
