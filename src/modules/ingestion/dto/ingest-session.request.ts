import { ApiProperty } from '../../../platform/http/docs/decorators.js';
import { LOGON_TYPES, type LogonType } from '../../sessions/port/logon-type.js';
import {
  ACTIVITY_INSTANTS,
  ACTIVITY_TEXTS,
  MAX_ACTIVITIES,
  RECORD_INSTANTS,
  RECORD_TEXTS,
} from '../pipeline/record-definition.js';
import { instantSchema, textSchema } from './record-schema.js';

/** One recorded event of a session. Two activities are the same if all their fields are equal. */
export class IngestActivityRequest {
  @ApiProperty({ ...instantSchema(ACTIVITY_INSTANTS.at), example: '2021-04-01T10:12:00.000Z' })
  at!: string;

  @ApiProperty({ ...textSchema(ACTIVITY_TEXTS.application), example: 'winword.exe' })
  application?: string | null;

  @ApiProperty({ ...textSchema(ACTIVITY_TEXTS.title), example: 'Letter.docx - Word' })
  title?: string | null;

  @ApiProperty(textSchema(ACTIVITY_TEXTS.url))
  url?: string | null;

  @ApiProperty(textSchema(ACTIVITY_TEXTS.keystrokes))
  keystrokes?: string | null;

  @ApiProperty(textSchema(ACTIVITY_TEXTS.kind))
  kind?: string | null;
}

/** One record; fields that are not listed here are refused. */
export class IngestSessionRequest {
  @ApiProperty({
    ...textSchema(RECORD_TEXTS.externalId),
    example: 'ws-17/4711',
    description: 'Identifies the session permanently, together with clientGuid.',
  })
  externalId!: string;

  @ApiProperty({ ...textSchema(RECORD_TEXTS.clientGuid), example: 'ws-17' })
  clientGuid!: string;

  @ApiProperty({ ...textSchema(RECORD_TEXTS.clientName), example: 'Workstation 17' })
  clientName!: string;

  @ApiProperty({ ...textSchema(RECORD_TEXTS.userName), example: 'ada' })
  userName!: string;

  @ApiProperty({ ...textSchema(RECORD_TEXTS.userDomain), example: 'ACME' })
  userDomain?: string | null;

  @ApiProperty({ ...instantSchema(RECORD_INSTANTS.loginDate), example: '2021-04-01T10:10:00.000Z' })
  loginDate!: string;

  @ApiProperty({
    ...instantSchema(RECORD_INSTANTS.logoutDate, 'Null: not yet known.'),
    example: '2021-04-01T10:20:00.000Z',
  })
  logoutDate!: string | null;

  @ApiProperty(instantSchema(RECORD_INSTANTS.lastSeen, 'Last sign of life.'))
  lastSeen?: string | null;

  @ApiProperty({
    ...{ type: String, maxLength: 45, required: false, nullable: true },
    ...{ example: '192.0.2.17', description: 'IPv4 or IPv6 address that the user came from.' },
  })
  remoteAddress?: string | null;

  @ApiProperty({
    ...textSchema(RECORD_TEXTS.remoteHost),
    example: 'laptop-4.example.com',
    description: 'Name of the machine that the user came from.',
  })
  remoteHost?: string | null;

  @ApiProperty({
    ...{ type: String, enum: [...LOGON_TYPES, null], required: false, nullable: true },
    example: 'remoteInteractive',
  })
  logonType?: LogonType | null;

  @ApiProperty({
    ...textSchema(RECORD_TEXTS.terminal),
    example: 'pts/3',
    description: 'Terminal, display or protocol session on the client.',
  })
  terminal?: string | null;

  @ApiProperty({
    type: IngestActivityRequest,
    isArray: true,
    required: false,
    nullable: true,
    maxItems: MAX_ACTIVITIES,
  })
  activities?: IngestActivityRequest[] | null;
}
