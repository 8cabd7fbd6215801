import { ApiProperty } from '@nestjs/swagger';

/** How long one key was active within an hour of a session. */
export class UsageShareResponse {
  @ApiProperty({ type: String, description: '.NET TimeSpan, seven digits.', example: '00:02:50.3010000' })
  duration!: string;

  @ApiProperty({ type: String, description: 'The executable, or the site.', example: 'winword.exe' })
  key!: string;
}

/** One element of `getapp` and `geturl`: one hour of one session, if something was active in it. */
export class UsageResponse {
  @ApiProperty({ type: [UsageShareResponse], description: 'The longest first; equal ones by key.' })
  data!: UsageShareResponse[];

  @ApiProperty({ type: 'integer', format: 'int32', example: 1042 })
  sessionId!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'The full hour in the zone of the API.',
    example: '2021-09-01T17:00:00+03:00',
  })
  timeOfDay!: string;
}
