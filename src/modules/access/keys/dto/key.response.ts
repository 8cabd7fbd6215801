import { ApiProperty } from '@nestjs/swagger';
import { SCOPES, type Scope } from '../../../../platform/http/scopes.js';

const instant = (description: string) =>
  ({ type: String, format: 'date-time', nullable: true, example: null, description }) as const;

/** A key without its secret. */
export class KeyResponse {
  @ApiProperty({ type: String, example: 'k4mq2zxa', description: 'The public part of the key, which names it.' })
  prefix!: string;

  @ApiProperty({ type: String, example: 'siem' })
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['sessions:read'] })
  scopes!: Scope[];

  @ApiProperty({ type: String, format: 'date-time', example: '2026-01-02T03:04:05.678+00:00' })
  createdAt!: string;

  @ApiProperty({ type: String, example: 'command line', description: 'Prefix of the caller, or `command line`.' })
  createdBy!: string;

  @ApiProperty(instant('Refused from this instant on. Null: never.'))
  expiresAt!: string | null;

  @ApiProperty(instant('Null: it is not revoked.'))
  revokedAt!: string | null;

  @ApiProperty(instant('Exact to a minute. Null: never used.'))
  lastUsedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'The key that this one replaces.' })
  replaces!: string | null;

  @ApiProperty({ type: String, isArray: true, nullable: true, example: null, description: 'Null: from anywhere.' })
  cidrs!: string[] | null;

  @ApiProperty({ type: String, isArray: true, nullable: true, example: null, description: 'Null: of all clients.' })
  clientGuids!: string[] | null;
}

/** The answer that shows a key, once. */
export class NewKeyResponse extends KeyResponse {
  @ApiProperty({
    ...{ type: String, pattern: '^sak_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$' },
    description: 'The key itself. It is not kept and cannot be shown again.',
  })
  key!: string;
}

/** A page of keys in the order in which they were made. */
export class KeysPageResponse {
  @ApiProperty({ type: KeyResponse, isArray: true })
  keys!: KeyResponse[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For `cursor`; null on the last page.' })
  nextCursor!: string | null;
}
