import { type DynamicModule, Module } from '@nestjs/common';
import { AppConfig } from './config/app-config.js';
import { CallerDownloads } from './common/caller-downloads.js';
import { Clock } from './common/clock.js';

/** Configuration, clock and what callers have under way, for every module. */
@Module({})
export class CommonModule {
  static with(config: AppConfig, clock: Clock): DynamicModule {
    return {
      module: CommonModule,
      global: true,
      providers: [
        { provide: AppConfig, useValue: config },
        { provide: Clock, useValue: clock },
        { provide: CallerDownloads, useValue: new CallerDownloads(config.DOWNLOADS_PER_CALLER) },
      ],
      exports: [AppConfig, Clock, CallerDownloads],
    };
  }
}
