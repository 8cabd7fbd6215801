import { ApiProperty } from '../../../../platform/http/docs/decorators.js';
import { SCOPES, type Scope } from '../../../../platform/http/scopes.js';

const instant = (description: string) =>
  ({ type: String, format: 'date-time', nullable: true, example: null, description }) as const;

/** A key without its secret. */
export class KeyResponse {
  @ApiProperty({ type: String, example: 'k4mq2zxa', description: 'The public part of the key, which identifies it.' })
  prefix!: string;

  @ApiProperty({ type: String, example: 'siem' })
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['sessions:read'] })
  scopes!: Scope[];

  @ApiProperty({ type: String, format: 'date-time', example: '2026-01-02T03:04:05.678+00:00' })
  createdAt!: string;

  @ApiProperty({ type: String, example: 'command line', description: 'Prefix of the caller, or `command line`.' })
  createdBy!: string;

  @ApiProperty(instant('Instant at which the key expires. Null: never.'))
  expiresAt!: string | null;

  @ApiProperty(instant('Instant at which the key was revoked. Null: it is not revoked.'))
  revokedAt!: string | null;

  @ApiProperty(instant('Last use, accurate to a minute. Null: never used.'))
  lastUsedAt!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Prefix of the key that this one replaced.',
  })
  replaces!: string | null;

  @ApiProperty({
    type: String,
    isArray: true,
    nullable: true,
    example: null,
    description: 'Networks from which the key may be used. Null: any address.',
  })
  cidrs!: string[] | null;

  @ApiProperty({
    type: String,
    isArray: true,
    nullable: true,
    example: null,
    description: 'Clients that the key is limited to. Null: all clients.',
  })
  clientGuids!: string[] | null;
}

/** The only response that contains the key. */
export class NewKeyResponse extends KeyResponse {
  @ApiProperty({
    ...{ type: String, pattern: '^sak_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$' },
    description: 'The key itself. It is not stored and cannot be shown again.',
  })
  key!: string;
}

/** A page of keys in the order of creation. */
export class KeysPageResponse {
  @ApiProperty({ type: KeyResponse, isArray: true })
  keys!: KeyResponse[];

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Value of `cursor` for the next page; null on the last page.',
  })
  nextCursor!: string | null;
}
