import { ApiProperty } from '@nestjs/swagger';
import { SCOPES, type Scope } from '../../../../platform/http/scopes.js';

/** Who the caller is to us. */
export class CallerResponse {
  @ApiProperty({ type: String, example: 'k4mq2zxa', description: 'Prefix of the key, or `oidc:` and the subject.' })
  prefix!: string;

  @ApiProperty({ type: String, example: 'siem' })
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['sessions:read'] })
  scopes!: Scope[];

  @ApiProperty({ type: String, isArray: true, nullable: true, example: null, description: 'Null: of all clients.' })
  clientGuids!: string[] | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null, description: 'Null: never.' })
  expiresAt!: string | null;
}
