import { ApiProperty } from '../../../platform/http/docs/decorators.js';

/** One session of `POST /ekranapi/sessions`, clipped to the window and measured. */
export class SessionDetailsResponse {
  @ApiProperty({
    type: String,
    description: 'From `loginDate` to `logoutDate`, or to the instant of the request while the session is live.',
    example: '00:12:00.0000000',
  })
  duration!: string;

  @ApiProperty({ type: String, description: 'The idle part of `duration`.', example: '00:02:00.0000000' })
  idleTime!: string;

  @ApiProperty({ type: String, description: 'The active part of `duration`.', example: '00:10:00.0000000' })
  productivityTime!: string;

  @ApiProperty({ type: String, example: '8d3f2f0e-6a1c-4f57-9a38-2f7b1d1c0a11' })
  clientGuid!: string;

  @ApiProperty({ type: String, example: 'Workstation 17' })
  clientName!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T10:03:00.000+00:00' })
  loginDate!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null while the session is live.',
    example: '2021-04-01T10:15:00.000+00:00',
  })
  logoutDate!: string | null;

  @ApiProperty({ type: 'integer', format: 'int32', example: 1042 })
  sessionId!: number;

  @ApiProperty({ type: 'integer', format: 'int32', example: 7 })
  userId!: number;

  @ApiProperty({ type: String, description: '`domain\\name`, or only the name.', example: 'ACME\\ada' })
  userName!: string;
}

export class SessionDetailsPageResponse {
  @ApiProperty({ type: [SessionDetailsResponse] })
  sessions!: SessionDetailsResponse[];
}
