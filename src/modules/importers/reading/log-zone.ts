import { type LocalTime, TimeZone } from '../../../platform/time/time-zone.js';
import type { LogReaderOptions } from '../log-reader.js';

type ZoneOptions = Pick<LogReaderOptions, 'timeZone' | 'isZoneGiven' | 'onNote'>;

/** The zone of stamps without an offset. When it is only a default, its first use is noted for the summary. */
export class LogZone extends TimeZone {
  private isNoted: boolean;

  /** @throws RangeError when the zone is unknown */
  constructor(private readonly options: ZoneOptions) {
    super(options.timeZone);
    this.isNoted = options.isZoneGiven ?? false;
  }

  override toEpochMs(local: LocalTime): number {
    if (!this.isNoted) this.options.onNote?.({ kind: 'zone-assumed', zone: this.id });
    this.isNoted = true;
    return super.toEpochMs(local);
  }
}
