import { Inject, Injectable } from '@nestjs/common';
import { type Histogram, Metrics } from '../../../platform/observability/metrics/metrics.js';
import { Clock } from '../../../platform/time/clock.js';
import { fromInstantText } from '../../../platform/time/instant.js';

/** How far the change log is behind the sessions. */
@Injectable()
export class ChangeLogMetrics {
  private readonly delays: Histogram;
  /** When this process learned of changes that have no place yet, on the clock of `performance`. */
  private pendingSince: number | null = null;

  constructor(
    @Inject(Metrics) metrics: Metrics,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.delays = metrics.histogram({
      name: 'change_log_delay_seconds',
      help: 'Age of the oldest change of a batch when it got its place in the change log.',
    });
    const help = 'Time since which committed changes wait for their place in the change log.';
    metrics.gauge({ name: 'change_log_lag_seconds', help, acrossWorkers: 'max' }, () =>
      this.pendingSince === null ? 0 : (performance.now() - this.pendingSince) / 1000,
    );
  }

  /** Changes may be pending. */
  pending(): void {
    this.pendingSince ??= performance.now();
  }

  /** @param oldest instant text of the oldest change that got its place */
  placed(oldest: string | undefined): void {
    // The change may come from a process whose clock is ahead.
    if (oldest !== undefined) this.delays.observe(Math.max(0, this.clock.nowMs() - fromInstantText(oldest)) / 1000);
  }

  /** No change is pending. */
  complete(): void {
    this.pendingSince = null;
  }
}
