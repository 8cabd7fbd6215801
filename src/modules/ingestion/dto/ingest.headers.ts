import { type ContentEncoding, IsContentEncoding, IsMediaType } from '../../../platform/http/body/content-headers.js';
import { Field } from '../../../platform/http/validation/request-class.js';

/** How the records of a request are written: one per line, or as one JSON array. */
export type IngestMediaType = 'application/x-ndjson' | 'application/json';

const MEDIA_TYPES: readonly IngestMediaType[] = ['application/x-ndjson', 'application/json'];
const ENCODINGS: readonly ContentEncoding[] = ['gzip', 'identity'];

/** Headers of `POST /api/v1/ingest/sessions` that describe its body. */
export class IngestHeaders {
  @Field({ type: 'string', enum: [...MEDIA_TYPES], required: true })
  @IsMediaType(MEDIA_TYPES)
  'Content-Type'!: IngestMediaType;

  @Field({ type: 'string', enum: [...ENCODINGS] })
  @IsContentEncoding(ENCODINGS)
  'Content-Encoding': ContentEncoding = 'identity';
}
