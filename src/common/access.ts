import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiForbiddenResponse, ApiSecurity, ApiUnauthorizedResponse } from '@nestjs/swagger';

/** What a key may do. Closed: a scope that is not in this list cannot be given. */
export const SCOPES = ['sessions:read', 'ingest:write', 'audit:read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const ACCESS = 'access';
export type Access = { readonly public: true } | { readonly scope: Scope };

/** The route answers without a key. Every route declares this or `@RequireScope`; one that declares neither is refused. */
export const Public = () => SetMetadata<string, Access>(ACCESS, { public: true });

/** The route answers only to keys that hold `scope`; says so in the OpenAPI document, too. */
export const RequireScope = (scope: Scope) =>
  applyDecorators(
    SetMetadata<string, Access>(ACCESS, { scope }),
    ApiSecurity('ApiKey'),
    ApiSecurity('bearer'),
    ApiExtension('x-required-scope', scope),
    ApiUnauthorizedResponse({ description: 'No key, or one that is malformed, unknown, expired or revoked.' }),
    ApiForbiddenResponse({ description: `The key lacks the scope \`${scope}\`.` }),
  );
