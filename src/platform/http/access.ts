import { SetMetadata, UseInterceptors, applyDecorators } from '@nestjs/common';
import {
  ApiExtension,
  ApiForbiddenResponse,
  ApiSecurity,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from './docs/decorators.js';
import type { Scope } from './scopes.js';
import { UndeclaredQuery } from './validation/undeclared-query.interceptor.js';

export const ACCESS = 'access';
export type Access = { readonly public: true } | { readonly scope: Scope } | { readonly anyCaller: true };

/** The route needs no key. A route that declares neither this nor `@RequireScope` is refused. */
export const Public = () => SetMetadata<string, Access>(ACCESS, { public: true });

/** The route accepts every caller with a valid key, regardless of its scopes. */
export const AnyCaller = () =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, { anyCaller: true }), ApiExtension('x-any-caller', true), asks());

/** The route requires `scope`. Also documents this in the OpenAPI document. */
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
    ApiTooManyRequestsResponse({ description: 'A limit was reached; `Retry-After` gives the time to wait.' }),
  );
}
