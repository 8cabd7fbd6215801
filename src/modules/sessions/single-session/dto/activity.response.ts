import { ApiProperty } from '../../../../platform/http/docs/decorators.js';

export class ActivityResponse {
  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T10:03:00.000+00:00' })
  at!: string;

  @ApiProperty({ type: String, nullable: true, example: 'editor' })
  application!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'report.txt' })
  title!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'https://example.com/' })
  url!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  keystrokes!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  kind!: string | null;
}

/** A page of `GET /api/v1/sessions/{sessionId}/activities`. */
export class ActivityListResponse {
  @ApiProperty({ type: [ActivityResponse] })
  items!: ActivityResponse[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page.', example: null })
  next!: string | null;

  @ApiProperty({
    type: 'integer',
    required: false,
    description: 'With `count=exact`: the number of all items.',
    example: 1,
  })
  total?: number;
}
