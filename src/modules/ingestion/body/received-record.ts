import type { IngestItem } from '../ingestion.service.js';

/** One record of a body. */
export interface ReceivedRecord {
  readonly item: IngestItem;
  /** Size of its text. */
  readonly bytes: number;
  /** Upper bound of the JSON values in it. */
  readonly values: number;
}
