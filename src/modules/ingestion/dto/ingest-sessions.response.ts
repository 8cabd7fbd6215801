import { ApiProperty } from '../../../platform/http/docs/decorators.js';

const STATUSES = ['created', 'updated', 'unchanged', 'rejected'] as const;

/** Outcome of one record. */
export class IngestResultResponse {
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'ws-17/4711',
    description: 'Null if the record has no valid one.',
  })
  externalId!: string | null;

  @ApiProperty({
    type: 'integer',
    format: 'int32',
    nullable: true,
    example: 1,
    description: 'Null when the record was rejected.',
  })
  sessionId!: number | null;

  @ApiProperty({ enum: STATUSES, example: 'created' })
  status!: (typeof STATUSES)[number];

  @ApiProperty({ type: String, required: false, description: 'Why the record was rejected.' })
  detail?: string;
}

/** Response of `POST /api/v1/ingest/sessions`. */
export class IngestSessionsResponse {
  @ApiProperty({
    type: 'integer',
    example: 1,
    description: 'Records that were accepted, including those that changed nothing.',
  })
  accepted!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Records that were rejected.' })
  rejected!: number;

  @ApiProperty({ type: 'integer', example: 1, description: 'Activities that were added.' })
  activities!: number;

  @ApiProperty({
    type: IngestResultResponse,
    isArray: true,
    description: 'One element per record, in the order of the records.',
  })
  results!: IngestResultResponse[];
}
