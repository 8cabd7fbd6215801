import { ApiProperty } from '../../../../platform/http/docs/decorators.js';

const count = (description: string, example: number) =>
  ({ type: 'integer', minimum: 0, description, example }) as const;

/** One bucket of an overview. */
export class TimelineDensityItem {
  @ApiProperty({
    ...{ type: String, format: 'date-time', example: '2021-04-01T10:00:00.000+00:00' },
    description: 'First instant of the bucket: `from`, then the multiples of `bucketSeconds` since 1970.',
  })
  start!: string;

  @ApiProperty(count('Sessions open at `start`, including those that begin at it; exact.', 12))
  openAtStart!: number;

  @ApiProperty({
    ...count('The highest number of sessions open at one instant of the bucket; exact. Absent when `sampled`.', 19),
    required: false,
  })
  peak?: number;

  @ApiProperty({
    ...count('The highest number of sessions open at one of four instants of the bucket. Only when `sampled`.', 19),
    required: false,
  })
  sampledPeak?: number;

  @ApiProperty({
    ...count('Sessions that begin in the bucket; exact. Absent when `sampled`.', 9),
    required: false,
  })
  logins?: number;
}

/** `GET /api/v1/timeline/density`. */
export class TimelineDensityResponse {
  @ApiProperty({
    type: Number,
    description: 'Seconds of a bucket; the first and the last may be shorter.',
    example: 300,
  })
  bucketSeconds!: number;

  @ApiProperty({
    type: Boolean,
    description: 'Whether there were too many sessions to count each of them.',
    example: false,
  })
  sampled!: boolean;

  @ApiProperty({ type: [TimelineDensityItem] })
  items!: TimelineDensityItem[];
}
