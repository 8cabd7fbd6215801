import { ApiProperty } from '../../../../platform/http/docs/decorators.js';
import { SessionResponse } from '../../search/dto/session.response.js';

/** `GET /api/v1/sessions/{sessionId}`. */
export class SessionWithTimesResponse extends SessionResponse {
  @ApiProperty({ type: 'integer', description: 'Number of all recorded activities.', example: 42 })
  activities!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2021-04-01T10:03:00.000+00:00' })
  firstActivity!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2021-04-01T11:15:00.000+00:00' })
  lastActivity!: string | null;

  @ApiProperty({ type: Number, description: 'A live session is measured until now.', example: 4200.25 })
  activeSeconds!: number;

  @ApiProperty({
    type: Number,
    description: 'Time without an activity for longer than `IDLE_TIMEOUT`.',
    example: 825.25,
  })
  idleSeconds!: number;
}
