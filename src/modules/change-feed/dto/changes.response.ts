import { ApiProperty } from '../../../platform/http/docs/decorators.js';
import { CHANGE_KINDS, type ChangeKind } from '../../changes/port/change-kind.js';
import { SessionResponse } from '../../sessions/search/dto/session.response.js';

/** One entry of the change log (docs/contract.md, section 7). */
export class FeedItem {
  @ApiProperty({ type: 'integer', format: 'int64', minimum: 1, description: 'Place in the log.', example: 81 })
  seq!: number;

  @ApiProperty({ enum: [...CHANGE_KINDS], enumName: 'ChangeKind', example: 'ended' })
  kind!: ChangeKind;

  @ApiProperty({
    ...{ type: String, format: 'date-time', example: '2021-04-01T11:21:46.020+00:00' },
    description: 'When the change was recorded, by the clock of the server.',
  })
  at!: string;

  @ApiProperty({ type: 'integer', format: 'int32', example: 124 })
  sessionId!: number;

  @ApiProperty({
    ...{ type: 'integer', format: 'int32', example: 3 },
    description: 'The version of the session that this change made.',
  })
  version!: number;

  @ApiProperty({
    ...{ type: SessionResponse, nullable: true },
    description: 'The session as it is now, which may be a later version; null when it does not exist any more.',
  })
  session!: SessionResponse | null;
}

/** The answer of `GET /api/v1/changes`. */
export class ChangesResponse {
  @ApiProperty({ type: [FeedItem] })
  items!: readonly FeedItem[];

  @ApiProperty({
    ...{ type: 'integer', format: 'int64', example: 81 },
    description: '`after` of the next request. It also passes entries that the filter left out.',
  })
  next!: number;

  @ApiProperty({ type: Boolean, description: 'Whether the log had no entry after `next`.' })
  caughtUp!: boolean;
}
