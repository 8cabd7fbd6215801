import { SetMetadata, UseInterceptors, applyDecorators } from '@nestjs/common';
import {
  ApiExtension,
  ApiForbiddenResponse,
  ApiSecurity,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { UndeclaredQuery } from './validation/undeclared-query.interceptor.js';

/** What a key may do. Closed: a scope that is not in this list cannot be given. */
export const SCOPES = ['sessions:read', 'ingest:write', 'audit:read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
/** What these allow is not about single clients, so whoever is limited to some clients cannot hold them. */
export const BEYOND_CLIENTS: ReadonlySet<Scope> = new Set<Scope>(['admin', 'audit:read']);

export const ACCESS = 'access';
export type Access = { readonly public: true } | { readonly scope: Scope } | { readonly anyCaller: true };

/** The route answers without a key. Every route declares this or `@RequireScope`; one that declares neither is refused. */
export const Public = () => SetMetadata<string, Access>(ACCESS, { public: true });

/** The route answers to every caller with a valid key, whatever its scopes are. */
export const AnyCaller = () =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, { anyCaller: true }), ApiExtension('x-any-caller', true), asks());

/** The route answers only to keys that hold `scope`; says so in the OpenAPI document, too. */
export const RequireScope = (scope: Scope) =>
  applyDecorators(
    SetMetadata<string, Access>(ACCESS, { scope }),
    ApiExtension('x-required-scope', scope),
    asks(),
    ApiForbiddenResponse({ description: `The key lacks the scope \`${scope}\`.` }),
  );

function asks() {
  return applyDecorators(
    UseInterceptors(UndeclaredQuery),
    ApiSecurity('ApiKey'),
    ApiSecurity('bearer'),
    ApiUnauthorizedResponse({
      description: 'No key, or one that is malformed, unknown, expired, revoked or used from another address.',
    }),
    ApiTooManyRequestsResponse({ description: 'A limit was reached; `Retry-After` says when to come back.' }),
  );
}
