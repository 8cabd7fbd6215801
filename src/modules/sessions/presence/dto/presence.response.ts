import { ApiProperty } from '../../../../platform/http/docs/decorators.js';

const DATE = { type: String, format: 'date-time', nullable: true, example: '2021-04-01T09:58:00.000+00:00' } as const;
const NEXT = { type: String, nullable: true, description: 'Cursor of the next page.', example: null } as const;
const TOTAL = {
  type: 'integer',
  required: false,
  description: 'With `count=exact`: the number of all items.',
  example: 1,
} as const;

/** When a user or a client was seen, as far as the caller may see sessions. */
export class PresenceFields {
  @ApiProperty({ ...DATE, description: 'The earliest login.' })
  firstSeen!: string | null;

  @ApiProperty({ ...DATE, description: 'The latest login.' })
  lastLogin!: string | null;

  @ApiProperty({
    ...DATE,
    description: 'The latest end of a session, or the latest sign of life of one without an end.',
  })
  lastSeen!: string | null;

  @ApiProperty({ type: 'integer', description: 'Number of sessions.', example: 12 })
  sessions!: number;

  @ApiProperty({ type: 'integer', description: 'Number of sessions that are live now.', example: 1 })
  liveSessions!: number;
}

export class PresentUserResponse extends PresenceFields {
  @ApiProperty({ type: 'integer', format: 'int32', example: 61 })
  id!: number;

  @ApiProperty({ type: String, example: 'ada' })
  name!: string;

  @ApiProperty({ type: String, description: 'Empty when there is none.', example: 'ACME' })
  domain!: string;
}

export class PresentClientResponse extends PresenceFields {
  @ApiProperty({ type: String, description: 'Opaque.', example: '8d3f2f0e-6a1c-4f57-9a38-2f7b1d1c0a11' })
  guid!: string;

  @ApiProperty({ type: String, description: 'The latest name that was recorded.', example: 'Workstation 17' })
  name!: string;
}

export class UserListResponse {
  @ApiProperty({ type: [PresentUserResponse] })
  items!: PresentUserResponse[];

  @ApiProperty(NEXT)
  next!: string | null;

  @ApiProperty(TOTAL)
  total?: number;
}

export class ClientListResponse {
  @ApiProperty({ type: [PresentClientResponse] })
  items!: PresentClientResponse[];

  @ApiProperty(NEXT)
  next!: string | null;

  @ApiProperty(TOTAL)
  total?: number;
}
