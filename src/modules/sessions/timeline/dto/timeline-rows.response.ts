import { ApiProperty } from '../../../../platform/http/docs/decorators.js';
import { ClientReference, UserReference } from '../../../directory/port/references.js';
import { SESSION_STATES, type SessionState } from '../../search/session-filter.js';

const flag = (description: string) => ({ type: Boolean, required: false, description, example: true }) as const;

/** One session, or several that are drawn as one. */
export class TimelineBarResponse {
  @ApiProperty({
    ...{ type: String, format: 'date-time', example: '2021-04-01T09:58:00.000+00:00' },
    description: 'First login of its sessions, as `clipped` of `GET /api/v1/sessions` shows it.',
  })
  start!: string;

  @ApiProperty({
    ...{ type: String, format: 'date-time', nullable: true, example: '2021-04-01T11:21:45.500+00:00' },
    description: 'Last end of its sessions, clipped as well; null while one of them is live and `to` is in the future.',
  })
  end!: string | null;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of sessions.', example: 1 })
  sessions!: number;

  @ApiProperty({
    ...{ enum: [...SESSION_STATES], enumName: 'SessionState', example: 'ended' },
    description: 'State of all its sessions.',
  })
  state!: SessionState;

  @ApiProperty({
    ...{ type: 'integer', format: 'int32', required: false, example: 124 },
    description: 'The session, if it is a single one.',
  })
  sessionId?: number;

  @ApiProperty(flag('One of its sessions began before `from`.'))
  clippedStart?: true;

  @ApiProperty(flag('One of its sessions lasts beyond `to`.'))
  clippedEnd?: true;

  @ApiProperty(flag('`end` is the estimated end of a lost session.'))
  endEstimated?: true;
}

export class TimelineRowResponse {
  @ApiProperty({ type: ClientReference, required: false, description: 'With `groupBy=client`.' })
  client?: ClientReference;

  @ApiProperty({ type: UserReference, required: false, description: 'With `groupBy=user`.' })
  user?: UserReference;

  @ApiProperty({
    type: [TimelineBarResponse],
    description: 'By start. At most half as many as the width has pixels, or three.',
  })
  bars!: TimelineBarResponse[];

  @ApiProperty({
    ...{ type: Number, required: false, example: 240 },
    description:
      'In a row with very many sessions: seconds up to which gaps were closed, instead of those of the answer.',
  })
  bucketSeconds?: number;
}

/** A page of `GET /api/v1/timeline/rows`. */
export class TimelineRowsResponse {
  @ApiProperty({
    ...{ type: Number, example: 120 },
    description: 'Seconds of a bucket: shorter sessions with shorter gaps between them are one bar.',
  })
  bucketSeconds!: number;

  @ApiProperty({ type: [TimelineRowResponse], description: 'By name, then by id.' })
  items!: TimelineRowResponse[];

  @ApiProperty({
    ...{ type: String, nullable: true, example: null },
    description: 'Cursor of the next page; null after the last one. A page may be short and have a next one.',
  })
  next!: string | null;

  @ApiProperty({
    ...{ type: 'integer', required: false, example: 1 },
    description: 'With `count=exact`: the number of all rows.',
  })
  total?: number;
}
