import { ApiProperty } from '../../../../platform/http/docs/decorators.js';
import { SCOPES, type Scope } from '../../../../platform/http/scopes.js';

/** The authenticated caller. */
export class CallerResponse {
  @ApiProperty({ type: String, example: 'k4mq2zxa', description: 'Prefix of the key, or `oidc:` and the subject.' })
  prefix!: string;

  @ApiProperty({ type: String, example: 'siem' })
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['sessions:read'] })
  scopes!: Scope[];

  @ApiProperty({
    type: String,
    isArray: true,
    nullable: true,
    example: null,
    description: 'Guids of the clients that the caller is limited to. Null: all clients.',
  })
  clientGuids!: string[] | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'Expiry of the key or token. Null: never.',
  })
  expiresAt!: string | null;
}
