import { Field } from '../../../../platform/http/validation/request-class.js';
import { ArrayNotEmpty, IsArray, IsIn } from 'class-validator';
import { SCOPES, type Scope } from '../../../../platform/http/scopes.js';
import { KeyClients, KeyExpiry, KeyName, KeyNetworks } from './key-rules.js';

/** The body of `POST /api/v1/keys`. */
export class CreateKeyRequest {
  @KeyName({ required: true })
  name!: string;

  @Field({
    ...{ required: true, type: 'array', items: { type: 'string', enum: SCOPES as string[] } },
    ...{ minItems: 1, example: ['sessions:read'] },
  })
  @IsIn(SCOPES, { each: true, message: () => `each must be one of ${SCOPES.join(', ')}` })
  @ArrayNotEmpty({ message: 'must not be empty' })
  @IsArray({ message: 'must be an array' })
  scopes!: Scope[];

  @KeyExpiry()
  expiresAt?: number | null;

  @KeyNetworks()
  cidrs?: string[] | null;

  @KeyClients()
  clientGuids?: string[] | null;
}
