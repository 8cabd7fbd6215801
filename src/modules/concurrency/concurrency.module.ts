import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { OverlapsController } from './overlaps/overlaps.controller.js';
import { OverlapsService } from './overlaps/overlaps.service.js';
import { ConcurrencyController } from './series/concurrency.controller.js';
import { ConcurrencyService } from './series/concurrency.service.js';

@Module({
  imports: [DirectoryModule, SessionsModule],
  controllers: [ConcurrencyController, OverlapsController],
  providers: [ConcurrencyService, OverlapsService],
})
export class ConcurrencyModule {}
