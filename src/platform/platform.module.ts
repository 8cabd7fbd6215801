import { type DynamicModule, Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { CallerDownloads } from './limits/caller-downloads.js';
import { DownloadSlots } from './limits/download-slots.js';
import { Clock } from './time/clock.js';
import { TimeZone } from './time/time-zone.js';

/** Configuration, clock and what callers have under way, for every module. */
@Module({})
export class PlatformModule {
  static with(config: AppConfig, clock: Clock): DynamicModule {
    const perCaller = new CallerDownloads(config.DOWNLOADS_PER_CALLER);
    const slots = new DownloadSlots(config.MAX_DOWNLOADS, config.DOWNLOAD_TIMEOUT, perCaller);
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: AppConfig, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: TimeZone, useValue: new TimeZone(config.API_TIME_ZONE) },
        { provide: DownloadSlots, useValue: slots },
      ],
      exports: [AppConfig, Clock, TimeZone, DownloadSlots],
    };
  }
}
