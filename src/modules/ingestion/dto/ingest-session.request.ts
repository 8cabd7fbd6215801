import { ApiProperty } from '@nestjs/swagger';

const INSTANT = 'ISO 8601; without an offset in the zone of the service; finer than a millisecond is cut off.';
const optionalText = (maxLength: number) => ({ type: String, required: false, nullable: true, maxLength }) as const;

/** One recorded moment inside a session. It is the same as another when all its fields are. */
export class IngestActivityRequest {
  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T10:12:00.000Z', description: INSTANT })
  at!: string;

  @ApiProperty({ ...optionalText(255), example: 'winword.exe' })
  application?: string | null;

  @ApiProperty({ ...optionalText(1024), example: 'Letter.docx - Word' })
  title?: string | null;

  @ApiProperty({ ...optionalText(2048) })
  url?: string | null;

  @ApiProperty({ ...optionalText(16_000) })
  keystrokes?: string | null;

  @ApiProperty({ ...optionalText(64) })
  kind?: string | null;
}

/** One record; fields that are not listed here are refused. */
export class IngestSessionRequest {
  @ApiProperty({
    type: String,
    minLength: 1,
    maxLength: 128,
    example: 'ws-17/4711',
    description: 'With clientGuid the name of the session for ever.',
  })
  externalId!: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: 64, pattern: '^[!-~]+$', example: 'ws-17' })
  clientGuid!: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: 255, example: 'Workstation 17' })
  clientName!: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: 128, example: 'ada' })
  userName!: string;

  @ApiProperty({ ...optionalText(128), example: 'ACME' })
  userDomain?: string | null;

  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T10:10:00.000Z', description: INSTANT })
  loginDate!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2021-04-01T10:20:00.000Z',
    description: `Null: not known yet. ${INSTANT}`,
  })
  logoutDate!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    required: false,
    nullable: true,
    description: `Last sign of life. ${INSTANT}`,
  })
  lastSeen?: string | null;

  @ApiProperty({ type: IngestActivityRequest, isArray: true, required: false, nullable: true, maxItems: 10_000 })
  activities?: IngestActivityRequest[] | null;
}
