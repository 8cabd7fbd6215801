import { ApiProperty } from '../../../platform/http/docs/decorators.js';
import { ClientReference, UserReference } from '../../directory/port/references.js';

/** One of the sessions that make an overlap. */
export class OverlapSessionResponse {
  @ApiProperty({ type: 'integer', format: 'int32', example: 1042 })
  sessionId!: number;

  @ApiProperty({ type: ClientReference })
  client!: ClientReference;

  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T10:03:00.000+00:00' })
  loginDate!: string;

  @ApiProperty({
    ...{ type: String, format: 'date-time', nullable: true, example: '2021-04-01T10:15:00.000+00:00' },
    description: 'The estimate for a lost session; null while the session is live.',
  })
  logoutDate!: string | null;
}

/** A maximal interval in which one user had sessions on enough clients at every instant. */
export class OverlapResponse {
  @ApiProperty({ type: UserReference })
  user!: UserReference;

  @ApiProperty({
    ...{ type: String, format: 'date-time', example: '2021-04-01T10:03:00.000+00:00' },
    description: 'First instant of the overlap, or `from` if it began before.',
  })
  start!: string;

  @ApiProperty({
    ...{ type: String, format: 'date-time', nullable: true, example: '2021-04-01T10:15:00.000+00:00' },
    description:
      'First instant after the overlap, or `to` if it ends later. Null while live sessions make it, if `to` is absent or in the future.',
  })
  end!: string | null;

  @ApiProperty({
    ...{ type: 'integer', minimum: 2, example: 2 },
    description: 'Number of sessions of the user that are open within the overlap.',
  })
  sessionCount!: number;

  @ApiProperty({
    type: [OverlapSessionResponse],
    description: 'These sessions, by login and id; the first 1,000 if there are more.',
  })
  sessions!: OverlapSessionResponse[];
}

export class OverlapsPageResponse {
  @ApiProperty({ type: [OverlapResponse] })
  items!: OverlapResponse[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page; null on the last one.' })
  next!: string | null;
}
