import type { INestApplicationContext } from '@nestjs/common';
import { TimeZone } from '../../platform/time/time-zone.js';
import type { ImportTarget } from '../../modules/importers/import-run.js';
import { IngestionService, MAX_BATCH } from '../../modules/ingestion/ingestion.service.js';
import { validateRecord } from '../../modules/ingestion/pipeline/validate-record.js';
import type { RejectSink } from './reject-sink.js';

const UTC = new TimeZone('UTC');

/** Writes records to the database through the ingestion service. */
export function ingestTarget(app: INestApplicationContext, rejects: RejectSink): ImportTarget {
  const ingest = app.get(IngestionService);
  return {
    batchRecords: MAX_BATCH,
    apply: (records) =>
      ingest.ingest(
        records.map((value) => ({ value })),
        null,
      ),
    reject: (reject) => rejects.add(reject),
  };
}

/** Validates records as ingestion does, without writing. Conflicts with stored sessions are not detected. */
export function dryRunTarget(rejects: RejectSink): ImportTarget {
  return {
    batchRecords: MAX_BATCH,
    apply: (records) =>
      Promise.resolve(
        records.map((value) => {
          const checked = validateRecord(value, UTC);
          return 'record' in checked
            ? { status: 'valid', activities: checked.record.activities.length }
            : { status: 'rejected', detail: checked.detail, activities: 0 };
        }),
      ),
    reject: (reject) => rejects.add(reject),
  };
}
