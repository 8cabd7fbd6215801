import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';

/**
 * A session is marked only when it has been lost for this time, because running requests started a little earlier and the
 * clocks of processes differ. Until then queries recognise lost sessions themselves.
 */
const MARGIN_MS = 5 * 60_000;

/** LOST_AFTER of this process. */
@Injectable()
export class LostAfter {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** Milliseconds, or `off`. */
  get value(): string {
    return String(this.config.lostAfterMs ?? 'off');
  }

  /** Sessions without a logout whose last sign of life is before this instant get an estimated end; null = no session does. */
  silentBefore(): string | null {
    const { lostAfterMs } = this.config;
    return lostAfterMs === null ? null : toInstantText(Math.max(0, this.clock.nowMs() - lostAfterMs - MARGIN_MS));
  }
}
