import { type DynamicModule, Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { RootController } from './http/server/root.controller.js';
import { ListAnswers } from './http/streaming/list-answers.js';
import { DownloadSlots } from './limits/download-slots.js';
import { FairLimiter } from './limits/fair-limiter.js';
import { RefusedCalls } from './observability/refused-calls.js';
import { Clock } from './time/clock.js';
import { TimeZone } from './time/time-zone.js';

/** Configuration, clock and download slots, for every module. */
@Module({})
export class PlatformModule {
  static with(config: AppConfig, clock: Clock): DynamicModule {
    const slots = downloadSlots(config);
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
        RefusedCalls,
      ],
      exports: [AppConfig, Clock, TimeZone, DownloadSlots, ListAnswers, RefusedCalls],
    };
  }
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
