import { KeyClients, KeyExpiry, KeyName, KeyNetworks } from './key-rules.js';

/** The body of `PATCH /api/v1/keys/{prefix}`: fields that are absent stay unchanged. Scopes cannot be changed. */
export class UpdateKeyRequest {
  @KeyName({ required: false })
  name?: string;

  @KeyExpiry()
  expiresAt?: number | null;

  @KeyNetworks()
  cidrs?: string[] | null;

  @KeyClients()
  clientGuids?: string[] | null;
}
