import { ApiProperty } from '../../../platform/http/docs/decorators.js';

/** One element of `GET /ekranapi/sessions`: exactly these five fields, in this order. */
export class WindowedSessionResponse {
  @ApiProperty({
    type: String,
    description: 'Opaque id of the monitored machine.',
    example: '8d3f2f0e-6a1c-4f57-9a38-2f7b1d1c0a11',
  })
  clientGuid!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Last activity inside the window, or the logout; null while the session is live.',
    example: '2021-04-01T10:15:00.000+00:00',
  })
  logoutDate!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'First activity inside the window, or the login.',
    example: '2021-04-01T10:03:00.000+00:00',
  })
  loginDate!: string;

  @ApiProperty({ type: 'integer', format: 'int32', example: 1042 })
  sessionId!: number;

  @ApiProperty({ type: 'integer', format: 'int32', example: 7 })
  userId!: number;
}
