import { ApiProperty } from '../../../platform/http/docs/decorators.js';

/** How long one key was active within an hour of a session. */
export class UsageShareResponse {
  @ApiProperty({
    type: String,
    description: 'Active time as a .NET TimeSpan with seven decimal digits.',
    example: '00:02:50.3010000',
  })
  duration!: string;

  @ApiProperty({ type: String, description: 'The executable, or the site.', example: 'winword.exe' })
  key!: string;
}

/** One element of `getapp` and `geturl`: one hour of one session, if something was active in it. */
export class UsageResponse {
  @ApiProperty({ type: [UsageShareResponse], description: 'Ordered by time, longest first, then by key.' })
  data!: UsageShareResponse[];

  @ApiProperty({ type: 'integer', format: 'int32', example: 1042 })
  sessionId!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Start of the hour, in the time zone of the API.',
    example: '2021-09-01T17:00:00+03:00',
  })
  timeOfDay!: string;
}
