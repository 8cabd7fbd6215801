import type { RowScope } from '../../../../platform/http/caller.js';
import type { SessionFilter } from '../../search/session-filter.js';
import type { Density } from './count-buckets.js';

export interface DensityQuestion {
  /** Its window has both bounds. */
  readonly filter: SessionFilter;
  readonly fromMs: number;
  readonly toMs: number;
  readonly width: number;
  readonly rowScope: RowScope;
}

export interface DensityAnswer {
  /** Milliseconds. */
  readonly bucketMs: number;
  /** Whether the peaks are those of a few instants of each bucket. */
  readonly isSampled: boolean;
  readonly buckets: readonly Density[];
}
