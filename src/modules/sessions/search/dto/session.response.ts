import { ApiProperty } from '../../../../platform/http/docs/decorators.js';
import { ClientReference, UserReference } from '../../../directory/port/references.js';
import { LOGON_TYPES, type LogonType } from '../../port/logon-type.js';
import { SESSION_STATES, type SessionState } from '../session-filter.js';

export class ClippedDates {
  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T10:03:00.000+00:00' })
  loginDate!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2021-04-01T10:15:00.000+00:00' })
  logoutDate!: string | null;
}

/** A session in the lists of `/api/v1` (docs/contract.md, section 6). The order of the fields is that of the answers. */
export class SessionResponse {
  @ApiProperty({ type: 'integer', format: 'int32', example: 124 })
  sessionId!: number;

  @ApiProperty({
    type: String,
    description: 'Identifies the session permanently, together with the client.',
    example: 's-1',
  })
  externalId!: string;

  @ApiProperty({
    ...{ type: 'integer', format: 'int32', example: 3 },
    description: 'Number of its changes in the change log; 0 while the session is not in the log yet.',
  })
  version!: number;

  @ApiProperty({
    ...{ enum: [...SESSION_STATES], enumName: 'SessionState', example: 'ended' },
    description: '`lost`: there was no sign of life for `LOST_AFTER`, so the end is an estimate.',
  })
  state!: SessionState;

  @ApiProperty({ type: ClientReference })
  client!: ClientReference;

  @ApiProperty({ type: UserReference })
  user!: UserReference;

  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T09:58:00.000+00:00' })
  loginDate!: string;

  @ApiProperty({
    ...{ type: String, format: 'date-time', nullable: true, example: '2021-04-01T11:21:45.500+00:00' },
    description: 'The logout, or the estimated end of a lost session; null while the session is live.',
  })
  logoutDate!: string | null;

  @ApiProperty({ type: Boolean, description: 'Whether `logoutDate` is an estimate.', example: false })
  endEstimated!: boolean;

  @ApiProperty({
    ...{ type: String, format: 'date-time', example: '2021-04-01T11:21:45.500+00:00' },
    description: 'The latest sign of life: login, report of the source, activity or logout.',
  })
  lastSeen!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Seconds; null while the session is live.',
    example: 5025.5,
  })
  durationSeconds!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'IP address of the user’s machine.', example: '192.0.2.7' })
  remoteAddress!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Name of the user’s machine.', example: 'laptop-ada' })
  remoteHost!: string | null;

  @ApiProperty({ type: String, enum: [...LOGON_TYPES, null], nullable: true, example: 'remoteInteractive' })
  logonType!: LogonType | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Terminal, display or protocol session.',
    example: 'pts/3',
  })
  terminal!: string | null;

  @ApiProperty({
    ...{ type: ClippedDates, required: false },
    description: 'First and last activity inside `from` and `to`; present when the request has one of them.',
  })
  clipped?: ClippedDates;
}

/** A page of `GET /api/v1/sessions`. */
export class SessionListResponse {
  @ApiProperty({ type: [SessionResponse] })
  items!: SessionResponse[];

  @ApiProperty({
    ...{ type: String, nullable: true, example: null },
    description:
      'Cursor of the next page; null after the last one. A page may be short, even empty, and have a next one.',
  })
  next!: string | null;

  @ApiProperty({
    type: 'integer',
    required: false,
    description: 'With `count=exact`: the number of all items.',
    example: 1,
  })
  total?: number;
}
